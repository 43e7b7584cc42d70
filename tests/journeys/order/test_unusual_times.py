"""An appointment lies within horizon and visiting hours, or whoever proposes it says that they mean it."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from orders.models import Order
from orders.selectors import open_proposal, order_by_uuid
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.cast import Cast, book
from tests.pages import assert_valid_html, press, text_of

AT_NIGHT, FAR_AHEAD, USUAL = "2026-11-27T03:00", "2027-03-01T10:00", "2026-11-27T18:00"


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    placed = book(nord)
    accept_offer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return placed


@pytest.fixture
def date_url(order: Order, nord: Tenant) -> str:
    """Return where the customer proposes an appointment."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/date/"


def proposed(nord: Tenant, order: Order) -> bool:
    with tenant_context(nord):
        return open_proposal(order_by_uuid(order.uuid)) is not None


@pytest.mark.parametrize(
    ("starts_at", "doubt"),
    [
        (AT_NIGHT, "Visits are usually from 07:00 to 22:00."),
        (FAR_AHEAD, "Visits are usually within the next 60 days."),
    ],
)
def test_customer_and_friend_are_asked_once_more(
    visitor: Client, friend_client: Client, order: Order, nord: Tenant, date_url: str, starts_at: str, doubt: str
) -> None:
    for client, url in ((visitor, date_url), (friend_client, f"/en/jobs/{order.placed_job_id}/date/")):
        asked = client.post(url, {"starts_at": starts_at})

        assert asked.status_code == 422
        assert doubt in asked.content.decode()
        assert "Yes, I mean this time" in asked.content.decode()
        assert starts_at in asked.content.decode()
        assert_valid_html(asked)
        assert client.post(url, {"starts_at": starts_at}).status_code == 422

    assert not proposed(nord, order)
    assert visitor.post(date_url, {"starts_at": starts_at, "is_meant": "on"}).status_code == 302
    assert proposed(nord, order)


def test_a_usual_time_is_not_asked_about(visitor: Client, order: Order, nord: Tenant, date_url: str) -> None:
    assert "I mean this time" not in visitor.get(date_url.removesuffix("date/")).content.decode()

    assert visitor.post(date_url, {"starts_at": USUAL}).status_code == 302

    assert proposed(nord, order)


def test_a_friend_who_means_it_proposes_a_visit_at_night(friend_client: Client, order: Order, nord: Tenant) -> None:
    url = f"/en/jobs/{order.placed_job_id}/date/"

    assert friend_client.post(url, {"starts_at": AT_NIGHT, "is_meant": "on"}).status_code == 302

    assert proposed(nord, order)


def test_other_times_are_asked_about_too(friend_client: Client, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    url = f"/en/jobs/{order.placed_job_id}/other-times/"

    asked = friend_client.post(url, {"first": USUAL, "second": AT_NIGHT})

    assert asked.status_code == 422
    assert "Yes, I mean these times" in asked.content.decode()
    assert friend_client.post(url, {"first": USUAL, "second": AT_NIGHT, "is_meant": "on"}).status_code == 302


def test_other_times_lie_within_the_horizon_of_the_partner(
    friend_client: Client, nord: Tenant, four_near: Cast
) -> None:
    change_settings(tenant=nord, who="Maja", now=now(), booking_days=21)
    order = book(nord)
    form = press(friend_client, friend_client.get(f"/en/jobs/{order.placed_job_id}/"), "Other times")

    asked = press(friend_client, form, "Propose these times", {"first": "2026-12-21T18:00"})
    assert asked.status_code == 422
    assert "Visits are usually within the next 21 days." in text_of(asked)

    change_settings(tenant=nord, who="Maja", now=now(), booking_days=120)
    said = press(friend_client, asked, "Propose these times", {"first": FAR_AHEAD, "is_meant": []})
    assert "The customer is asked to choose." in text_of(said)


def test_each_partner_has_visiting_hours_of_its_own(visitor: Client, order: Order, nord: Tenant, date_url: str) -> None:
    change_settings(tenant=nord, who="Maja", now=now(), visits_from=9, visits_until=17)

    answer = visitor.post(date_url, {"starts_at": USUAL})

    assert "Visits are usually from 09:00 to 17:00." in answer.content.decode()


def test_visiting_hours_end_after_they_begin(manager_client: Client, nord: Tenant) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=nord.pk).update(visits_from=20, visits_until=8)
