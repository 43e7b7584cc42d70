"""What it costs a customer to cancel (R7): shown, agreed to, kept or billed, and booked exactly so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from time_machine import Coordinates

from billing.models import Bill, Payment
from billing.services import keep_drawing
from crowd.models import Friend
from dispatch.errors import IllegalJobMove
from journeys.links import order_token
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.ending.withdraw_order import withdraw_order
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.order.working.no_show import report_no_show_as_customer
from kernel.clock import now
from orders.errors import CancellingCostsMore
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import OrderState, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import cancel
from tests.money.stripe import Stripe
from tests.money.test_card_endings import paid_by_card, sent_back
from tests.overflow import bring_on_site
from tests.pages import html_of, press
from tests.responses import Response

# €49.00 cost €14.70 less than a day before, and €24.50 less than four hours before; 15 % of it are the commission.
FEES = [[4, 5_000], [24, 3_000]]
FEE, LAST_FEE = 1_470, 2_450
BOOKED_AHEAD = timedelta(days=20)


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture
def with_fees(nord: Tenant) -> Tenant:
    Tenant.objects.filter(pk=nord.pk).update(cancellation_fees=FEES)
    return Tenant.objects.get(pk=nord.pk)


def agreed_order(tenant: Tenant, friend: Friend, method: str) -> Order:
    """Return an order whose appointment, in 20 days, is agreed."""
    return agree_on_date(tenant, book(tenant, payment={"method": method}), friend)


def agree_on_date(tenant: Tenant, order: Order, friend: Friend) -> Order:
    """Let the friend take the order and agree with the customer on a date in 20 days."""
    bring_on_site(order, friend)
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=friend.pk, starts_at=now() + BOOKED_AHEAD, now=now()
    )
    with tenant_context(tenant):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())
        return order_by_uuid(order.uuid)


@pytest.fixture
def by_invoice(with_fees: Tenant, ben: Friend) -> Order:
    return agreed_order(with_fees, ben, "invoice")


@pytest.fixture
def in_cash(with_fees: Tenant, ben: Friend) -> Order:
    return agreed_order(with_fees, ben, "cash")


def page_of(tenant: Tenant, order: Order, visitor: Client) -> Response:
    with tenant_context(tenant):
        path = f"/en/orders/{order_token(order.uuid)}/"
    return visitor.get(path)


def cancel_as_customer(tenant: Tenant, order: Order, *, agreed_minor: int) -> None:
    with tenant_context(tenant):
        cancel_order(
            order_uuid=order.uuid, job_id=order.placed_job_id, tenant_id=tenant.pk, side=Side.CUSTOMER, who="Ada",
            why="", agreed_fee_minor=agreed_minor, now=now(),
        )  # fmt: skip


def payment_of(tenant: Tenant, order: Order) -> tuple[str, str, int]:
    with tenant_context(tenant):
        found = Payment.objects.get(order=order)
        return found.method, found.state, found.amount_minor


def test_the_fee_that_is_shown_is_the_fee_that_is_billed_and_booked(
    with_fees: Tenant, by_invoice: Order, ben: Friend, visitor: Client, clock: Coordinates
) -> None:
    page = page_of(with_fees, by_invoice, visitor)
    assert "Cancelling is free now" in html_of(page)
    assert "Less than 24 hours before the appointment: €14.70 (30%)" in html_of(page)

    clock.shift(BOOKED_AHEAD - timedelta(hours=23))
    page = page_of(with_fees, by_invoice, visitor)
    assert "Cancelling now costs €14.70." in html_of(page)
    answer = press(visitor, page, "Cancel for €14.70")

    assert "Your order has been cancelled" in html_of(answer)
    assert "Cancellation fee: €14.70" in html_of(answer)
    assert payment_of(with_fees, by_invoice) == ("invoice", "to_invoice", FEE)
    assert events_of(by_invoice) == ["cancellation_fee"]
    assert held_of(by_invoice) == {"customer": FEE, "friend": 1_249, "platform": 186, "vat": 35}
    assert earned_by(ben, by_invoice) == 1_249
    with tenant_context(with_fees):
        bill = Bill.objects.get()
        assert (bill.kind, bill.gross_minor, bill.lines[0]["text"]) == (
            "invoice",
            FEE,
            "Cancellation fee: Wi-Fi set-up",
        )
    mails = [mail for mail in deliver() if "cancel" in mail.subject.lower()]
    told = {mail.to[0]: mail.body for mail in mails}
    assert "cancelling costs €14.70. We send an invoice." in " ".join(told[by_invoice.email].split())
    assert "You get €12.49 of the cancellation fee." in " ".join(told["ben@friends.example"].split())


def test_cash_becomes_an_invoice_over_the_fee(with_fees: Tenant, in_cash: Order, clock: Coordinates) -> None:
    clock.shift(BOOKED_AHEAD - timedelta(hours=3))

    cancel_as_customer(with_fees, in_cash, agreed_minor=LAST_FEE)

    assert payment_of(with_fees, in_cash) == ("invoice", "to_invoice", LAST_FEE)
    assert held_of(in_cash)["customer"] == LAST_FEE
    with tenant_context(with_fees):
        assert keep_drawing(Bill.objects.get()).startswith(b"%PDF")


def test_who_cancels_twice_owes_one_fee(with_fees: Tenant, by_invoice: Order, clock: Coordinates) -> None:
    clock.shift(BOOKED_AHEAD - timedelta(hours=23))

    cancel_as_customer(with_fees, by_invoice, agreed_minor=FEE)
    with pytest.raises(IllegalJobMove):
        cancel_as_customer(with_fees, by_invoice, agreed_minor=FEE)

    assert events_of(by_invoice) == ["cancellation_fee"]
    with tenant_context(with_fees):
        assert Bill.objects.count() == 1


def test_of_a_card_payment_all_but_the_fee_goes_back(
    with_fees: Tenant, ben: Friend, stripe: Stripe, clock: Coordinates
) -> None:
    order = paid_by_card(with_fees, stripe)
    agree_on_date(with_fees, order, ben)
    clock.shift(BOOKED_AHEAD - timedelta(hours=23))
    stripe.control("clock", now=now().timestamp())

    cancel_as_customer(with_fees, order, agreed_minor=FEE)

    assert sent_back(order) == order.price_minor - FEE
    assert held_of(order) == {"stripe": FEE, "friend": 1_249, "platform": 186, "vat": 35}
    with tenant_context(with_fees):
        bill = Bill.objects.get()
        assert (bill.kind, bill.gross_minor) == ("receipt", FEE)
    told = next(mail for mail in deliver() if mail.subject == f"Your order {order.number} has been cancelled")
    words = " ".join(told.body.split())
    assert "cancelling costs €14.70. It stays charged." in words
    assert "We are refunding €34.30 the way you paid." in words


def test_nobody_owes_more_than_they_were_shown(
    with_fees: Tenant, by_invoice: Order, visitor: Client, clock: Coordinates
) -> None:
    clock.shift(BOOKED_AHEAD - timedelta(hours=5))
    page = page_of(with_fees, by_invoice, visitor)
    clock.shift(timedelta(hours=2))

    answer = press(visitor, page, "Cancel for €14.70")

    assert "Cancelling costs more by now" in html_of(answer)
    assert "Cancelling now costs €24.50." in html_of(answer)
    assert events_of(by_invoice) == []
    with tenant_context(with_fees):
        assert order_by_uuid(by_invoice.uuid).state == OrderState.SCHEDULED


def test_a_later_change_of_the_table_reaches_no_order(with_fees: Tenant, by_invoice: Order, clock: Coordinates) -> None:
    Tenant.objects.filter(pk=with_fees.pk).update(cancellation_fees=[[100, 10_000]])
    clock.shift(BOOKED_AHEAD - timedelta(hours=23))

    with pytest.raises(CancellingCostsMore):
        cancel_as_customer(with_fees, by_invoice, agreed_minor=FEE - 1)
    cancel_as_customer(with_fees, by_invoice, agreed_minor=FEE)

    assert held_of(by_invoice)["customer"] == FEE
    with tenant_context(with_fees), pytest.raises(IntegrityError, match="agreed at booking"), transaction.atomic():
        Order.objects.filter(pk=by_invoice.pk).update(cancellation_fees=[])


def test_the_database_wants_no_fee_of_an_order_that_is_not_cancelled(with_fees: Tenant, by_invoice: Order) -> None:
    with (
        tenant_context(with_fees),
        pytest.raises(IntegrityError, match="order_fee_once_cancelled"),
        transaction.atomic(),
    ):
        Order.objects.filter(pk=by_invoice.pk).update(cancellation_fee_minor=1)


def test_a_manager_who_cancels_costs_the_customer_nothing(
    with_fees: Tenant, by_invoice: Order, clock: Coordinates
) -> None:
    clock.shift(BOOKED_AHEAD - timedelta(hours=1))

    cancel(with_fees, by_invoice)

    assert events_of(by_invoice) == []
    with tenant_context(with_fees):
        assert not Bill.objects.exists()


def test_whoever_was_left_waiting_cancels_for_nothing(with_fees: Tenant, by_invoice: Order, clock: Coordinates) -> None:
    clock.shift(BOOKED_AHEAD + timedelta(minutes=30))
    with tenant_context(with_fees):
        report_no_show_as_customer(
            order=order_by_uuid(by_invoice.uuid), tenant_id=with_fees.pk, words="Nobody came", now=now()
        )

    cancel_as_customer(with_fees, by_invoice, agreed_minor=0)

    assert events_of(by_invoice) == []


def test_within_the_days_of_withdrawal_cancelling_is_free(with_fees: Tenant, ben: Friend) -> None:
    order = book(with_fees, payment={"method": "invoice"})
    bring_on_site(order, ben)
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=ben.pk, starts_at=now() + timedelta(hours=3), now=now()
    )
    with tenant_context(with_fees):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())

    cancel_as_customer(with_fees, order, agreed_minor=0)

    assert events_of(order) == []


def test_without_a_table_cancelling_is_free(nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    order = agreed_order(nord, ben, "invoice")
    clock.shift(BOOKED_AHEAD)

    cancel_as_customer(nord, order, agreed_minor=0)

    assert events_of(order) == []


def test_who_withdraws_when_cancelling_costs_something_is_left_to_a_manager(
    with_fees: Tenant, by_invoice: Order, clock: Coordinates
) -> None:
    clock.shift(BOOKED_AHEAD - timedelta(hours=12))
    deliver()

    with tenant_context(with_fees):
        withdraw_order(order=order_by_uuid(by_invoice.uuid), tenant_id=with_fees.pk, now=now())
        order = order_by_uuid(by_invoice.uuid)

    assert order.state == OrderState.SCHEDULED
    assert not order.cancellation_fee_minor
    told = {to: one for one in deliver() for to in one.to}
    assert "can no longer be cancelled" in told["ada@customers.example"].body
    assert told["manager@nord.example"].subject == f"Withdrawal: please decide about order {order}"
