"""The customer wishes for other times while nobody has accepted (R18); the page leads there, and friends hear of it."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.errors import IllegalJobMove
from dispatch.models import Job, Offer
from dispatch.states import OfferState
from journeys.links import order_token
from journeys.order.booking.change_times import change_times
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from kernel.slots import Part, bit
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import OrderState
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend
from tests.pages import assert_valid_html, html_of

SATURDAY = date(2026, 11, 28)
SATURDAY_MORNING = "2026-11-28:0"


def page_of(nord: Tenant, order: Order) -> str:
    """Return the path of an order's page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


def as_it_is(nord: Tenant, order: Order) -> Order:
    """Return the order as it is now."""
    with tenant_context(nord):
        return order_by_uuid(order.uuid)


def change(nord: Tenant, order: Order, *windows: tuple[date, int]) -> None:
    """Let Ada change her times."""
    with tenant_context(nord):
        change_times(order=order_by_uuid(order.uuid), windows=windows, now=now())


def test_the_page_leads_to_other_times_and_the_offered_friends_see_them(
    nord: Tenant, four_near: Cast, visitor: Client, friend_client: Client
) -> None:
    order = book(nord)
    deliver()
    page = visitor.get(page_of(nord, order)).content.decode()
    [link] = re.findall(r'href="(/en/orders/[^"]+/times/)"', page)
    form = visitor.get(link)
    assert_valid_html(form)
    assert re.search(r'value="2026-11-28:0" id="id_windows_\d+" checked', html_of(form))

    answer = visitor.post(link, {"windows": ["2026-12-05:1"]}, follow=True)

    assert "saved your new times." in answer.content.decode()
    assert "Sat, 5 December, Afternoon" in answer.content.decode()
    assert "Sat, 5 December, Afternoon" in friend_client.get(f"/en/jobs/{order.placed_job_id}/").content.decode()
    told = deliver()
    assert {mail.to[0] for mail in told} == {f"{name}@friends.example" for name in ("ben", "cem", "dana", "emil")}
    assert all("Sat, 5 December, Afternoon" in mail.body for mail in told)
    with tenant_context(nord):
        [line] = order_by_uuid(order.uuid).events.filter(kind="windows_changed")
    assert line.detail["after"] == [["2026-12-05", 1]]


@pytest.mark.parametrize(
    ("windows", "message"),
    [([], "Please choose at least one time."), (["2027-03-01:0"], "within the next 60 days")],
)
def test_times_that_cannot_be_are_told_at_the_field_and_change_nothing(
    nord: Tenant, four_near: Cast, visitor: Client, windows: list[str], message: str
) -> None:
    order = book(nord)

    answer = visitor.post(f"{page_of(nord, order)}times/", {"windows": windows})

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert len(Job.objects.get(pk=order.placed_job_id).windows) == 2


def test_friends_who_are_free_at_none_of_the_new_times_make_room_for_others(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    Friend.objects.filter(pk=four_near["Ben"].pk).update(free_week=bit(2, Part.EVENING))

    change(nord, order, (SATURDAY, Part.MORNING))

    states = dict(Offer.objects.filter(job=order.placed_job_id).values_list("friend__first_name", "state"))
    assert states["Ben"] == OfferState.WITHDRAWN
    assert set(states.values()) == {OfferState.WITHDRAWN, OfferState.OPEN}


def test_where_nobody_asked_is_free_any_more_the_next_are_asked_at_once(nord: Tenant, four_near: Cast) -> None:
    gabi = register_friend("Gabi", km=5, communities=[nord.pk])
    order = book(nord)
    assert not Offer.objects.filter(job=order.placed_job_id, friend=gabi).exists()
    Friend.objects.exclude(pk=gabi.pk).update(free_week=bit(2, Part.EVENING))

    change(nord, order, (SATURDAY, Part.MORNING))

    still_asked = Offer.objects.filter(job=order.placed_job_id, state=OfferState.OPEN)
    assert list(still_asked.values_list("friend__first_name", flat=True)) == ["Gabi"]


def test_an_order_that_found_nobody_is_searched_for_again_at_its_new_times(nord: Tenant, four_near: Cast) -> None:
    Friend.objects.update(free_week=bit(5, Part.AFTERNOON))
    order = book(nord)
    assert as_it_is(nord, order).state == OrderState.UNFILLED

    change(nord, order, (SATURDAY, Part.AFTERNOON))

    found = as_it_is(nord, order)
    assert found.state == OrderState.SEARCHING
    assert found.attention == ""
    assert Offer.objects.filter(job=order.placed_job_id, state=OfferState.OPEN).count() == 4


def test_the_same_times_again_tell_nobody(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    deliver()

    change(nord, order, *[(window.day, window.part) for window in as_it_is(nord, order).windows.all()])

    assert deliver() == []


def test_once_a_friend_has_accepted_the_times_stay(nord: Tenant, four_near: Cast, visitor: Client) -> None:
    order = book(nord)
    with platform_context():
        accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    page = visitor.get(page_of(nord, order)).content.decode()
    assert "/times/" not in page
    assert visitor.post(f"{page_of(nord, order)}times/", {"windows": [SATURDAY_MORNING]}).status_code == 302
    with pytest.raises(IllegalJobMove):
        change(nord, order, (SATURDAY, Part.AFTERNOON))
    assert len(as_it_is(nord, order).windows.all()) == 2


def test_the_wave_ends_when_it_would_have(nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    order = book(nord)
    change(nord, order, (SATURDAY, Part.AFTERNOON))

    clock.shift(timedelta(minutes=31))
    with platform_context():
        sweep(now=now())

    assert not Offer.objects.filter(job=order.placed_job_id, wave=1, state=OfferState.OPEN).exists()
