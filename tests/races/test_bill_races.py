"""Numbers of bills have no gaps, whoever issues at the same moment and whatever is rolled back."""

import hashlib
import random

import pytest
from django.db import transaction

from billing.kinds import BillKind
from billing.models import Bill, BillSeries
from billing.selectors import bills_of
from billing.services import keep_bills, keep_drawing
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.money.stories import agreed_price
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

ISSUERS, EACH, DIES = 8, 40, 0.25


class Died(Exception):
    """The process ends between the bill and the end of its transaction."""


@pytest.fixture
def orders(committed: Tenant, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Return an order for each issuer, all of which want an invoice at once."""
    monkeypatch.setattr("billing.services.wanted_kind", lambda order: BillKind.INVOICE)
    register_friend("Ben", km=1, communities=[committed.pk])
    return [book(committed) for _issuer in range(ISSUERS)]


def reprice(tenant: Tenant, order: Order, price: int) -> None:
    """Give an order another price and the bills that follow from it."""
    agreed_price(order, price)
    Order.objects.filter(pk=order.pk).update(price_minor=price, commission_minor=0, friend_minor=price)
    keep_bills(order=order, tenant=tenant, now=now())


def test_eight_issuers_with_rollbacks_leave_no_gap(committed: Tenant, orders: list[Order]) -> None:
    def issue(place: int) -> int:
        dice, kept = random.Random(place), 0
        with tenant_context(committed):
            for price in range(5_000, 5_000 + EACH):
                try:
                    with transaction.atomic():
                        reprice(committed, orders[place], price)
                        if dice.random() < DIES:
                            raise Died
                    kept += 1
                except Died:
                    continue
        return kept

    kept = in_threads(ISSUERS, issue)

    assert all(isinstance(count, int) for count in kept), kept
    with tenant_context(committed):
        places = sorted(Bill.objects.values_list("place", flat=True))
        # Each price but an order's first one takes the bill before it back.
        assert len(places) == 2 * sum(kept) - ISSUERS
        assert places == list(range(1, len(places) + 1))
        assert BillSeries.objects.get().last == len(places)
        assert Bill.objects.exclude(kind=BillKind.CREDIT_NOTE).filter(cancelled_by=None).count() == ISSUERS


def test_two_workers_draw_a_bill_once(committed: Tenant, orders: list[Order]) -> None:
    with tenant_context(committed):
        reprice(committed, orders[0], 5_000)
        (bill,) = bills_of(orders[0])

    def draw(_place: int) -> bytes:
        with tenant_context(committed):
            return keep_drawing(Bill.objects.get(pk=bill.pk))

    drawings = in_threads(4, draw)

    with tenant_context(committed):
        (kept,) = bills_of(orders[0])
    assert {hashlib.sha256(drawing).hexdigest() for drawing in drawings} == {kept.pdf_sha256}
