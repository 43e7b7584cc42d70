"""The status page when something goes wrong (R7, R15): absence, the rules, the way back."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.order.working.no_show import report_no_show_as_friend
from journeys.order.working.unreachable import log_attempt, report_unreachable
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.pages import assert_valid_html


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has, with a date in three hours."""
    placed = book(nord)
    ben = four_near["Ben"].pk
    accept_offer(job_id=placed.placed_job_id, friend_id=ben, now=now())
    date = propose_date_as_friend(
        job_id=placed.placed_job_id, friend_id=ben, starts_at=now() + timedelta(hours=3), now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(placed.uuid), appointment_id=date.pk, now=now())
    return placed


@pytest.fixture
def url(order: Order, nord: Tenant) -> str:
    """Return the path of its status page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


def attention(tenant: Tenant, order: Order) -> str:
    """Return why the order is on the desk."""
    with tenant_context(tenant):
        return str(Order.objects.get(uuid=order.uuid).attention)


def test_the_rules_stand_on_the_page_before_anything_happens(visitor: Client, url: str) -> None:
    page = visitor.get(url)

    for shown in ("If something goes wrong", "You cannot be reached", "12.50", "costs you nothing"):
        assert shown in page.content.decode()
    assert_valid_html(page)


def test_the_customer_reports_that_nobody_came(
    nord: Tenant, order: Order, visitor: Client, url: str, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=3, minutes=14))
    assert "no-show" not in visitor.get(url).content.decode()
    early = visitor.post(f"{url}no-show/", {"words": "Nobody came"})
    assert early.status_code == 422
    assert "You can report this from" in early.content.decode()
    clock.shift(timedelta(minutes=1))
    assert "no-show" in visitor.get(url).content.decode()
    wordless = visitor.post(f"{url}no-show/", {"words": ""})
    assert wordless.status_code == 422
    assert "Please say in a few words what happened." in wordless.content.decode()
    assert_valid_html(wordless)

    done = visitor.post(f"{url}no-show/", {"words": "Nobody came"}, follow=True)

    assert "You have reported that Ben M. did not come." in done.content.decode()
    assert_valid_html(done)
    assert attention(nord, order) == Attention.NO_SHOW


def test_the_customer_sees_the_friends_report_and_can_contradict(
    order: Order, four_near: Cast, visitor: Client, url: str, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=3, minutes=15))
    report_no_show_as_friend(
        job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, words="Nobody opened", now=now()
    )

    page = visitor.get(url)
    assert "Ben M. reports that nobody was there" in page.content.decode()
    assert_valid_html(page)

    done = visitor.post(f"{url}no-show/", {"words": "I was at home"}, follow=True).content.decode()
    assert "I was at home" in done


def test_who_could_not_be_reached_comes_back_with_one_click(
    nord: Tenant, order: Order, four_near: Cast, visitor: Client, url: str, clock: Coordinates
) -> None:
    ben = four_near["Ben"].pk
    for channel in ("phone", "sms", "phone", "phone", "phone"):
        log_attempt(job_id=order.placed_job_id, friend_id=ben, channel=channel, note="", now=now())
        clock.shift(timedelta(hours=6))
    report_unreachable(job_id=order.placed_job_id, friend_id=ben, now=now())
    page = visitor.get(url)
    assert "I am here" in page.content.decode()
    assert_valid_html(page)

    done = visitor.post(f"{url}i-am-here/", follow=True)

    assert "You have told us you are available again." in done.content.decode()
    assert_valid_html(done)
    assert attention(nord, order) == Attention.UNREACHABLE


def test_strangers_and_orders_that_go_on_have_no_way_back(visitor: Client, url: str, clock: Coordinates) -> None:
    assert visitor.post(f"{url}i-am-here/").status_code == 409
    sued = Client(headers={"host": "sued.localhost"})
    for step in ("i-am-here", "no-show"):
        assert sued.post(f"{url}{step}/", {"words": "x"}).status_code == 404
        assert visitor.post(f"/en/orders/forged/{step}/", {"words": "x"}).status_code == 404
