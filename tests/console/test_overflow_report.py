"""What a partner reads of jobs that crossed (R17): only work that was done has earned anybody money."""

from typing import Any

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.overflow.crossings import crossings, volumes
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer
from journeys.order.working.complete_job import complete_job
from kernel.clock import now
from orders.models import Order
from orders.states import Side
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend, sign_in_staff
from tests.overflow import agree
from tests.pages import html_of


@pytest.fixture
def greta(nord: Tenant, sued: Tenant, clock: Coordinates) -> Friend:
    """Return a friend of Süd's community, to whom Nord's jobs cross by a contract."""
    agree(nord, sued.pk, commission_bp=2_000)
    return register_friend("Greta", km=2, communities=[sued.pk])


@pytest.fixture
def crossed(nord: Tenant, greta: Friend) -> Order:
    """Return an order of Nord's whose job has crossed."""
    return book(nord)


def text(client: Client) -> str:
    """Return the report as it is read."""
    return html_of(client.get("/admin/reports/overflow/"))


def test_what_searches_or_was_cancelled_has_earned_nothing(
    manager_client: Client, nord: Tenant, crossed: Order
) -> None:
    assert "1 job, done: 0 · Commission €0.00" in text(manager_client)
    with tenant_context(nord):
        cancel_order(
            order_uuid=crossed.uuid,
            job_id=crossed.placed_job_id,
            tenant_id=nord.pk,
            side=Side.MANAGER,
            who="Maja",
            why="",
            now=now(),
        )

    page = text(manager_client)

    assert "1 job, done: 0 · Commission €0.00" in page
    assert "<td>Cancelled</td>" in page


def test_both_sides_read_what_done_work_has_earned(
    manager_client: Client, nord: Tenant, sued: Tenant, crossed: Order, greta: Friend
) -> None:
    friend: dict[str, Any] = {"job_id": crossed.placed_job_id, "friend_id": greta.pk, "now": now()}
    accept_offer(**friend)
    contact_customer(**friend)
    complete_job(**friend, summary="Router works.", material="", minutes=40, is_paid=True, why_now="Today suits both.")
    taker = Client(headers={"host": "sued.localhost"})
    sign_in_staff(taker, "manager@sued.example")

    given, taken = text(manager_client), text(taker)

    assert "1 job, done: 1 · Commission €9.80" in given
    assert "1 job, done: 1 · Commission €9.80" in taken
    with platform_context():
        [volume] = volumes(crossings(partner_id=nord.pk))
    assert (volume.jobs, volume.done, volume.commission_minor) == (1, 1, 980)
