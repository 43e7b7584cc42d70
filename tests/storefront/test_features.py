"""What a partner switches off is not offered, and said honestly."""

from typing import Any

import pytest
from django.test import Client

from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer
from journeys.order.working.complete_job import complete_job
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from tenants.context import tenant_context
from tenants.models import Feature, Tenant
from tenants.services import change_settings
from tests.cast import Cast, book, deliver
from tests.pages import BOOKING, EARLY_START, assert_valid_html, fill_in, start_booking

CLOSED = "We are not taking bookings at the moment."


def switch(tenant: Tenant, **fields: Any) -> None:
    """Let Maja change a setting."""
    change_settings(tenant=tenant, who="Maja", now=now(), **fields)


@pytest.fixture
def done(nord: Tenant, four_near: Cast) -> str:
    """Return the path of the status page of an order whose work Ben has reported."""
    order = book(nord)
    job_id, ben = order.placed_job_id, four_near["Ben"].pk
    accept_offer(job_id=job_id, friend_id=ben, now=now())
    contact_customer(job_id=job_id, friend_id=ben, now=now())
    complete_job(
        job_id=job_id,
        friend_id=ben,
        summary="Router set up.",
        material="",
        minutes=50,
        is_paid=True,
        why_now="At once",
        now=now(),
    )
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


@pytest.mark.parametrize("fields", [{"is_open": False}, {"features": [Feature.REVIEWS]}])
def test_a_closed_site_shows_its_packages_and_takes_no_bookings(
    visitor: Client, nord: Tenant, four_near: Cast, fields: dict[str, Any]
) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    switch(nord, **fields)

    page = visitor.get("/en/packages/wifi-setup/")
    assert page.status_code == 200
    assert CLOSED in page.content.decode()
    assert "Check and book" not in page.content.decode()
    assert_valid_html(page)
    for answer in (visitor.get(BOOKING), visitor.post(f"{draft}review/", EARLY_START)):
        assert answer.status_code == 410
        assert CLOSED in answer.content.decode()
    with tenant_context(nord):
        assert not Order.objects.exists()


def test_the_package_page_takes_bookings_otherwise(visitor: Client, nord: Tenant) -> None:
    page = visitor.get("/en/packages/wifi-setup/").content.decode()

    assert "Check and book" in page
    assert CLOSED not in page


def test_an_order_is_rated_where_ratings_are_on(visitor: Client, nord: Tenant, done: str) -> None:
    assert "Send the rating" in visitor.get(done).content.decode()
    assert any("Confirm and rate" in mail.body for mail in deliver())


def test_without_ratings_the_customer_only_confirms(visitor: Client, nord: Tenant, done: str) -> None:
    switch(nord, features=[Feature.BOOKING, Feature.COMMUNITY])

    page = visitor.get(done).content.decode()
    assert "Send the rating" not in page
    assert "rate" not in page.partition("<main")[2].partition("</h1>")[2].partition("</p>")[0]
    mails = deliver()
    assert any("Please confirm it." in mail.body for mail in mails)
    assert not any("say how it went" in mail.body for mail in mails)

    assert visitor.post(f"{done}rate/", {"stars": "5"}).status_code == 409
    assert visitor.post(f"{done}confirm/").status_code == 302
    with tenant_context(nord):
        assert Order.objects.get().state == OrderState.CONFIRMED
    # Nothing more to wait for: the page stops asking.
    assert 'hx-trigger="live"' not in visitor.get(done).content.decode()
