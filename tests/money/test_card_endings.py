"""What becomes of a card payment when the order ends otherwise, or its price changes after the charge."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from billing.models import Payment
from crowd.models import Friend
from dispatch.models import Offer
from journeys.links import order_token
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import decline_offer
from journeys.order.paying.pay_by_card import look_after, open_card_page, sweep_card_payments
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import OrderState
from stripe_gateway.models import CardPayment, CardRefund
from stripe_gateway.states import RefundState
from tenants.context import platform_context, tenant_context
from tenants.models import LastResort, Tenant
from tenants.services import change_settings
from tests.cast import book, deliver
from tests.journeys.order.escalation.steps import decline, escalate
from tests.money.stripe import Stripe, words_of
from tests.overflow import bring_on_site, register_pro
from tests.pages import assert_valid_html

Cast = dict[str, Friend]


def paid_by_card(nord: Tenant, stripe: Stripe, **steps: dict[str, Any]) -> Order:
    """Book and pay by card."""
    order = book(nord, payment={"method": "card"}, **steps)
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
    made = CardRefund.objects.filter(payment__order_id=order.uuid, state=RefundState.MADE)
    return sum(made.values_list("amount_minor", flat=True))


def test_where_nobody_is_found_and_the_order_ends_all_goes_back(nord: Tenant, four_near: Cast, stripe: Stripe) -> None:
    rules: dict[str, Any] = {"own_waves": 1, "crowd_waves": 0, "overflows": False, "last_resort": LastResort.CANCEL}
    change_settings(tenant=nord, who="Maja", now=now(), **rules)
    nord.refresh_from_db()
    order = paid_by_card(nord, stripe)
    deliver()

    for offer in Offer.objects.filter(job_id=order.placed_job_id):
        decline_offer(job_id=offer.job_id, friend_id=offer.friend_id, reason="no_time", now=now())
    sweep(now=now())

    assert whole(nord, order).state == OrderState.CANCELLED
    assert sent_back(order) == order.price_minor
    mail = next(mail for mail in deliver() if mail.to == [order.email])
    assert "We are refunding €49.00 the way you paid." in mail.body


@pytest.fixture
def asked(nord: Tenant, four_near: Cast, stripe: Stripe) -> Order:
    """Return an order of EUR 49.00 that is paid by card; Ada is asked whether a pro may come for EUR 73.50."""
    register_pro("Petra", km=8, communities=[nord.pk])
    order = paid_by_card(nord, stripe)
    bring_on_site(order, four_near["Ben"])
    escalate(whole(nord, order), four_near["Ben"])
    deliver()
    return whole(nord, order)


class Asked:
    """Ada on the page of her order, where she is asked about a pro."""

    def __init__(self, nord: Tenant, visitor: Client, order: Order) -> None:
        self.nord, self.visitor, self.order = nord, visitor, order
        with tenant_context(nord):
            self.path = f"/en/orders/{order_token(order.uuid)}/"

    def look(self) -> str:
        answer = self.visitor.get(self.path)
        assert_valid_html(answer)
        return words_of(answer.text)

    def press(self, button: str) -> str:
        """Press a button of the page, and return where that leads."""
        form = re.search(
            rf'<form[^>]*action="([^"]+)"(?:(?!</form>).)*{button}', self.visitor.get(self.path).text, re.S
        )
        assert form is not None, button
        return str(self.visitor.post(form[1])["Location"])

    def assert_is(self, state: OrderState, method: str, payment: str, amount: int, refund: int = 0) -> None:
        """Fail unless the order is in a state and paid so, with so much paid and going back."""
        now_is = whole(self.nord, self.order)
        with tenant_context(self.nord):
            found = Payment.objects.get(order=now_is)
        assert (now_is.state, now_is.payment_method) == (state, method)
        assert (found.method, found.state, found.amount_minor, found.refund_minor) == (method, payment, amount, refund)


@pytest.fixture
def ada(nord: Tenant, visitor: Client, asked: Order) -> Asked:
    return Asked(nord, visitor, asked)


def test_who_wants_a_pro_pays_the_difference_by_card(ada: Asked, stripe: Stripe) -> None:
    assert "Yes, pay €24.50 now" in ada.look()

    page = ada.press("Yes, pay")
    ada.assert_is(OrderState.ESCALATED, "card", "paid", 4900)
    assert "Yes, pay €24.50 now" in ada.look()
    assert ada.press("Yes, pay") == page
    back = stripe.pay(page)
    assert urlsplit(back).path == ada.path
    seen = ada.look()

    assert "We are looking for a pro for you" in seen
    assert "€73.50" in seen
    assert "Paid by card" in seen
    assert stripe.newest("charge")["amount"] == 2450
    ada.assert_is(OrderState.SEARCHING, "card", "paid", 7350)
    assert Offer.objects.filter(job_id=whole(ada.nord, ada.order).placed_job_id).count() == 1
    assert sent_back(ada.order) == 0


def test_the_difference_is_heard_of_without_the_customer(ada: Asked, stripe: Stripe) -> None:
    stripe.pay(ada.press("Yes, pay"))
    CardPayment.objects.filter(amount_minor=2450).update(look_at=now())

    sent_back(ada.order)

    ada.assert_is(OrderState.SEARCHING, "card", "paid", 7350)


def test_both_payments_go_back_where_the_order_ends_then(ada: Asked, stripe: Stripe) -> None:
    stripe.pay(ada.press("Yes, pay"))
    ada.look()

    assert ada.visitor.post(f"{ada.path}cancel/").status_code == 302

    assert "€73.50 is being refunded to you." in ada.look()
    assert sent_back(ada.order) == 7350
    assert "Refunded: €73.50" in ada.look()
    assert sorted(refund["amount"] for refund in stripe.every("refund")[-2:]) == [2450, 4900]


def test_who_would_rather_pay_by_invoice_gets_all_back(ada: Asked) -> None:
    ada.press("by invoice")

    ada.assert_is(OrderState.SEARCHING, "invoice", "to_invoice", 7350)
    assert sent_back(ada.order) == 4900
    assert f"You now pay by invoice (order {ada.order.number})" in [mail.subject for mail in deliver()]


def test_the_rest_goes_back_where_the_order_ends_with_the_diagnosis(ada: Asked) -> None:
    assert "the rest goes back to you" in ada.look()

    ada.press("No, thank you")

    ada.assert_is(OrderState.DONE, "card", "paid", 4900, 2817)
    seen = ada.look()
    assert "You pay for the diagnosis only; the rest goes back to you." in seen
    assert "€28.17 is being refunded to you." in seen
    assert sent_back(ada.order) == 2817
    assert "Refunded: €28.17" in ada.look()
    mail = next(mail for mail in deliver() if mail.to == [ada.order.email])
    assert "by invoice" not in mail.body
    assert "We are refunding €28.17 the way you paid." in mail.body


def test_a_difference_that_comes_after_the_no_goes_back(ada: Asked, stripe: Stripe) -> None:
    page = ada.press("Yes, pay")
    decline(ada.nord, ada.order)
    # In the moment between the answer and the closing of the page.
    stripe.pay(page)

    sent_back(ada.order)
    assert sent_back(ada.order) == 2817 + 2450

    ada.assert_is(OrderState.DONE, "card", "paid", 4900, 2817)
    subject = f"We are refunding your payment (order {ada.order.number})"
    assert subject in [mail.subject for mail in deliver()]


def test_who_has_paid_the_difference_has_said_yes(ada: Asked, stripe: Stripe) -> None:
    stripe.pay(ada.press("Yes, pay"))

    assert ada.visitor.post(f"{ada.path}pro/decline/").status_code == 409
    assert ada.visitor.post(f"{ada.path}pro/approve/").status_code == 302

    ada.assert_is(OrderState.SEARCHING, "card", "paid", 7350)


def test_while_stripe_is_away_the_difference_can_be_paid_later(ada: Asked, stripe: Stripe, settings: Settings) -> None:
    page = ada.press("Yes, pay")
    settings.STRIPE_API = "http://127.0.0.1:9"

    assert "We are checking your payment" in ada.look()
    assert urlsplit(ada.press("Yes, pay")).path == ada.path
    assert "cannot be reached" in ada.look()

    settings.STRIPE_API = stripe.address
    assert ada.press("Yes, pay") == page
