"""An order that is cancelled in the moment of its payment: the money is either the order's or goes back, once.

On real connections in real threads, with a control that shows the race without the guard.
"""

import threading

import pytest

from crowd.models import Friend
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.paying.pay_by_card import look_after, open_card_page, sweep_card_payments
from kernel.clock import now
from orders.errors import IllegalOrderMove
from orders.models import Order
from orders.states import OrderState, Side
from stripe_gateway.models import CardPayment
from stripe_gateway.services import mark_paid
from stripe_gateway.states import CardState
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.money.stripe import Stripe
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

ROUNDS = 12


@pytest.fixture
def near(committed: Tenant) -> list[Friend]:
    """Return four friends who may have any number of jobs."""
    friends = [register_friend(name, km=1, communities=[committed.pk]) for name in ("Ben", "Cem", "Dana", "Emil")]
    Friend.objects.update(max_open_jobs=1000)
    return friends


def charged(tenant: Tenant, stripe: Stripe) -> tuple[Order, CardPayment]:
    """Book by card and pay; nobody here has heard of it yet."""
    order = book(tenant, payment={"method": "card"})
    with tenant_context(tenant):
        url = open_card_page(order=order, language="en", now=now())
    stripe.pay(url)
    return order, CardPayment.objects.get(order_id=order.uuid)


def cancel(tenant: Tenant, order: Order) -> None:
    with tenant_context(tenant):
        found = Order.objects.get(uuid=order.uuid)
        cancel_order(
            order_uuid=found.uuid,
            job_id=found.job_id,
            tenant_id=tenant.pk,
            side=Side.CUSTOMER,
            who=found.name,
            why="",
            now=now(),
        )


def test_cancelled_in_the_moment_of_its_payment_all_goes_back_once(
    committed: Tenant, near: list[Friend], stripe: Stripe
) -> None:
    outcomes = []
    for _round in range(ROUNDS):
        order, payment = charged(committed, stripe)

        def act(place: int, order: Order = order, payment: CardPayment = payment) -> None:
            if place == 0:
                cancel(committed, order)
            else:
                look_after(payment.pk, now=now())

        first, second = in_threads(2, act)

        assert second is None
        outcomes.append(first)
        if first is not None:
            # The payment was faster; she sees the order that is paid, and cancels that one.
            assert isinstance(first, IllegalOrderMove)
            cancel(committed, order)
        with platform_context():
            sweep_card_payments(now=now())
        payment.refresh_from_db()
        assert (payment.state, payment.refunded_minor) == (CardState.PAID, payment.amount_minor)
        with tenant_context(committed):
            ended = Order.objects.select_related("payment").get(uuid=order.uuid)
            assert ended.state == OrderState.CANCELLED
            assert (ended.payment.refund_minor, ended.payment.refunded_at) == (payment.amount_minor, now())
        back = [refund["amount"] for refund in stripe.every("refund") if refund["payment_intent"] == payment.intent_id]
        assert back == [payment.amount_minor]
    assert len(outcomes) == ROUNDS


def test_two_looks_at_once_release_the_order_once(committed: Tenant, near: list[Friend], stripe: Stripe) -> None:
    order, payment = charged(committed, stripe)

    results = in_threads(4, lambda _place: look_after(payment.pk, now=now()))

    assert results == [None] * 4
    with tenant_context(committed):
        released = Order.objects.get(uuid=order.uuid)
        assert released.state == OrderState.SEARCHING
        assert [event.kind for event in released.events.order_by("at", "id")].count("paid") == 1


def test_control_without_the_lock_the_money_of_a_cancelled_order_is_kept(
    committed: Tenant, near: list[Friend], stripe: Stripe
) -> None:
    order, payment = charged(committed, stripe)
    both_have_read = threading.Barrier(2)

    def act_carelessly(place: int) -> None:
        with tenant_context(committed):
            found = Order.objects.get(uuid=order.uuid)
            both_have_read.wait()
            if place == 0 and found.state == OrderState.PAYING:
                # Not paid, so nothing goes back.
                Order.objects.filter(pk=found.pk).update(state=OrderState.CANCELLED)
        if place == 1 and found.state == OrderState.PAYING:
            # It waits, so the money stays.
            mark_paid(payment.pk, intent_id="pi_careless", now=now())

    in_threads(2, act_carelessly)

    payment.refresh_from_db()
    with tenant_context(committed):
        assert Order.objects.get(uuid=order.uuid).state == OrderState.CANCELLED
    assert (payment.state, payment.refunded_minor) == (CardState.PAID, 0)
