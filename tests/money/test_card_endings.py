"""What becomes of a card payment when the order ends otherwise, or its price changes after the charge."""

from collections.abc import Callable

import pytest

from billing.models import Payment
from crowd.models import Friend
from dispatch.models import Offer
from journeys.order.accept_offer import decline_offer
from journeys.order.deadlines import sweep
from journeys.order.pay_by_card import look_after, open_card_page, sweep_card_payments
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import OrderState
from stripe_gateway.models import CardPayment
from tenants.context import platform_context, tenant_context
from tenants.models import LastResort, Tenant
from tenants.services import change_settings
from tests.cast import book, deliver
from tests.journeys.order.escalation.steps import approve, decline, escalate
from tests.money.stripe import Stripe
from tests.overflow import bring_on_site, register_pro

Cast = dict[str, Friend]


def paid_by_card(nord: Tenant, stripe: Stripe) -> Order:
    """Book and pay by card."""
    order = book(nord, payment={"method": "card"})
    with tenant_context(nord):
        url = open_card_page(order=order, language="en", now=now())
    stripe.pay(url)
    look_after(CardPayment.objects.get(order_id=order.uuid).pk, now=now())
    return whole(nord, order)


def whole(nord: Tenant, order: Order) -> Order:
    with tenant_context(nord):
        return order_by_uuid(order.uuid)


def sent_back(order: Order) -> int:
    """Let what is due be done, and return how much has gone back to the card, in minor units."""
    with platform_context():
        sweep_card_payments(now=now())
    return CardPayment.objects.get(order_id=order.uuid).refunded_minor


def test_where_nobody_is_found_and_the_order_ends_all_goes_back(nord: Tenant, four_near: Cast, stripe: Stripe) -> None:
    rules = {"own_waves": 1, "crowd_waves": 0, "overflows": False, "last_resort": LastResort.CANCEL}
    change_settings(tenant=nord, who="Maja", now=now(), **rules)
    nord.refresh_from_db()
    order = paid_by_card(nord, stripe)
    deliver()

    for offer in Offer.objects.filter(job_id=order.job_id):
        decline_offer(job_id=offer.job_id, friend_id=offer.friend_id, reason="no_time", now=now())
    sweep(now=now())

    assert whole(nord, order).state == OrderState.CANCELLED
    assert sent_back(order) == order.price_minor
    mail = next(mail for mail in deliver() if mail.to == [order.email])
    assert "We are refunding €49.00 to your card." in mail.body


@pytest.mark.parametrize(("answer", "price"), [(approve, 7350), (decline, 2083)])
def test_where_the_price_changes_after_the_charge_the_card_is_out(
    nord: Tenant, four_near: Cast, stripe: Stripe, answer: Callable[[Tenant, Order], Order], price: int
) -> None:
    register_pro("Petra", km=8, communities=[nord.pk])
    order = paid_by_card(nord, stripe)
    bring_on_site(order, four_near["Ben"])
    escalate(whole(nord, order), four_near["Ben"])
    deliver()

    answered = answer(nord, whole(nord, order))

    assert whole(nord, order).payment_method == "invoice"
    assert sent_back(order) == 4900
    with tenant_context(nord):
        payment = Payment.objects.get(order=answered)
    assert (payment.method, payment.state, payment.amount_minor) == ("invoice", "to_invoice", price)
    assert f"You now pay by invoice (order {order.number})" in [mail.subject for mail in deliver()]
