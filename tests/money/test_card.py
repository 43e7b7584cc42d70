"""Paying by card at booking: over the brand's pages and the hosted page, against what stands in for Stripe."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from crowd.models import Friend
from dispatch.models import Job, Offer
from journeys.links import order_token
from journeys.order.paying.pay_by_card import sweep_card_payments
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from stripe_gateway.client import RETRIES
from stripe_gateway.errors import RefundTooHigh
from stripe_gateway.models import CardPayment, CardRefund, StripeEvent
from stripe_gateway.services import LOOK_EVERY, PAY_WITHIN, ask_refund, replay_events
from stripe_gateway.states import CardState
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import complete_draft, deliver
from tests.money.stripe import ASKS, DECLINED, Stripe, words_of
from tests.pages import EARLY_START

Cast = dict[str, Friend]


class Booking:
    """Ada's booking by card, or another way online: her browser, and what she sees."""

    def __init__(self, nord: Tenant, visitor: Client, method: str = "card") -> None:
        self.nord, self.visitor = nord, visitor
        with tenant_context(nord):
            self.draft_id = complete_draft(payment={"method": method}).pk
        self.answer = visitor.post(f"/en/bookings/{self.draft_id}/review/", EARLY_START)

    @property
    def page(self) -> str:
        """The address of the hosted page."""
        return self.answer["Location"]

    @property
    def order(self) -> Order:
        with tenant_context(self.nord):
            return Order.objects.select_related("payment").get(draft=self.draft_id)

    @property
    def payment(self) -> CardPayment:
        return CardPayment.objects.get(order_id=self.order.uuid)

    @property
    def path(self) -> str:
        """The path of the order's page."""
        with tenant_context(self.nord):
            return f"/en/orders/{order_token(self.order.uuid)}/"

    def come_back(self) -> str:
        return words_of(self.visitor.get(f"/en/bookings/{self.draft_id}/done/", follow=True).text)

    def look(self) -> str:
        return words_of(self.visitor.get(self.path).text)

    def cancel(self) -> None:
        assert self.visitor.post(f"{self.path}cancel/").status_code == 302

    def pay_otherwise(self, method: str) -> str:
        return str(self.visitor.post(f"{self.path}pay-otherwise/", {"method": method})["Location"])

    def assert_is(self, state: OrderState, payment: str, *, asked: int = 0) -> None:
        """Fail unless the order, its payment and the number of asked friends are these."""
        order = self.order
        assert (order.state, order.payment.state) == (state, payment)
        assert Offer.objects.filter(job__order_id=order.uuid).count() == asked


@pytest.fixture
def booking(nord: Tenant, four_near: Cast, visitor: Client, stripe: Stripe) -> Booking:
    """Let Ada book by card; she is on the hosted page now."""
    return Booking(nord, visitor)


def sweep() -> int:
    with platform_context():
        return sweep_card_payments(now=now())


def carry(stripe: Stripe, event: str, **how: object) -> int:
    """Carry a webhook over to the platform's host; return the status of the answer."""
    signed = stripe.control("signed", event=event, **how)
    return post_webhook(signed["body"], signed["signature"])


def post_webhook(body: str, signature: str) -> int:
    client = Client(headers={"host": "app.localhost"}, enforce_csrf_checks=True)
    headers = {"Stripe-Signature": signature}
    return client.post("/stripe/webhook/", body, content_type="application/json", headers=headers).status_code


def test_nobody_is_asked_before_the_card_is_charged(booking: Booking, stripe: Stripe) -> None:
    assert booking.answer.status_code == 302
    assert booking.page.startswith(f"http://localhost:{stripe.port}/c/pay/")
    booking.assert_is(OrderState.PAYING, "waiting")
    assert Job.objects.count() == 0
    assert deliver() == []

    back = stripe.pay(booking.page)
    page = words_of(booking.visitor.get(back).text)

    assert "Thank you for your order" in page
    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    confirmation = next(mail for mail in deliver() if mail.to == [booking.order.email])
    assert "Paid by card" in confirmation.body
    assert "Paid by card" in booking.look()


def test_what_is_asked_for_is_the_price_and_nothing_personal(booking: Booking, stripe: Stripe) -> None:
    session = stripe.newest("checkout.session")

    assert (session["amount_total"], session["currency"]) == (booking.order.price_minor, "eur")
    told = str(session)
    assert "Ada" not in told
    assert booking.order.email not in told


def test_a_declined_card_charges_nothing_and_another_one_pays(booking: Booking, stripe: Stripe) -> None:
    page = stripe.pay(booking.page, DECLINED)

    assert "Your card was declined" in page
    assert "Your order is not paid yet" in booking.come_back()
    booking.assert_is(OrderState.PAYING, "waiting")

    again = booking.visitor.post(f"{booking.path}pay/")
    assert again["Location"] == booking.page
    stripe.pay(again["Location"])

    assert "Thank you for your order" in booking.come_back()
    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert len(stripe.every("charge")) == len({charge["id"] for charge in stripe.every("charge")})


def test_the_bank_may_ask_first(booking: Booking, stripe: Stripe) -> None:
    assert "Your bank asks" in stripe.pay(booking.page, ASKS)
    assert "not paid yet" in booking.come_back()

    assert "has not confirmed" in stripe.pay(booking.page, ASKS, confirmed="no")
    booking.assert_is(OrderState.PAYING, "waiting")

    stripe.pay(booking.page, ASKS, confirmed="yes")
    assert "Thank you for your order" in booking.come_back()


def test_who_comes_back_unpaid_can_choose_another_way(booking: Booking, stripe: Stripe) -> None:
    page = booking.come_back()
    assert "Pay by card" in page
    assert "In cash, on site" in page

    booking.pay_otherwise("cash")

    booking.assert_is(OrderState.SEARCHING, "due_on_site", asked=4)
    assert booking.order.payment_method == "cash"
    sweep()
    assert stripe.newest("checkout.session")["status"] == "expired"
    assert booking.payment.state == CardState.OVER


def test_who_has_paid_cannot_choose_another_way_any_more(booking: Booking, stripe: Stripe) -> None:
    stripe.pay(booking.page)

    booking.pay_otherwise("cash")

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert booking.order.payment_method == "card"


def test_card_is_no_other_way(booking: Booking) -> None:
    answer = booking.visitor.post(f"{booking.path}pay-otherwise/", {"method": "card"})

    assert answer.status_code == 422
    booking.assert_is(OrderState.PAYING, "waiting")


def test_an_abandoned_order_ends_and_its_page_closes(
    booking: Booking, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    clock.shift(PAY_WITHIN - timedelta(minutes=1))
    sweep()
    booking.assert_is(OrderState.PAYING, "waiting")

    clock.shift(timedelta(minutes=2))
    sweep()

    booking.assert_is(OrderState.CANCELLED, "waiting")
    assert stripe.newest("checkout.session")["status"] == "expired"
    assert [mail.subject for mail in deliver()] == [f"Your order {booking.order.number} was not paid"]
    assert "No payment has arrived" in booking.come_back()
    assert CardPayment.objects.filter(look_at__isnull=False).count() == 0


def test_a_lost_webhook_is_made_up_for(booking: Booking, stripe: Stripe, clock: time_machine.Coordinates) -> None:
    stripe.pay(booking.page)
    assert sweep() == 0

    clock.shift(LOOK_EVERY)
    assert sweep() == 1

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)


def test_webhooks_may_come_twice_and_in_any_order(booking: Booking, stripe: Stripe) -> None:
    before = set(stripe.events())
    stripe.pay(booking.page)
    events = [event for event in stripe.events() if event not in before]
    assert len(events) > 2

    for event in [*reversed(events), *events]:
        assert carry(stripe, event) == 204
        sweep()

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert StripeEvent.objects.count() == len(events)
    assert len([mail for mail in deliver() if mail.to == [booking.order.email]]) == 1

    assert replay_events(since=now() - timedelta(hours=1), now=now()) == 1
    sweep()
    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)


def test_a_webhook_before_the_answer_finds_its_order(booking: Booking, stripe: Stripe) -> None:
    stripe.pay(booking.page)
    # As if the process had died before it could write down the page's id.
    CardPayment.objects.update(session_id=None, state=CardState.STARTED)

    assert carry(stripe, stripe.events("checkout.session.completed")[-1]) == 204
    sweep()

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)


def test_forged_stale_and_changed_webhooks_are_refused(booking: Booking, stripe: Stripe) -> None:
    stripe.pay(booking.page)
    event = stripe.events("checkout.session.completed")[-1]
    good = stripe.control("signed", event=event)

    assert carry(stripe, event, secret="whsec_of_somebody_else") == 400
    assert carry(stripe, event, age_s=301) == 400
    assert post_webhook(good["body"].replace("4900", "9900"), good["signature"]) == 400
    assert post_webhook(good["body"], "") == 400
    assert post_webhook("{", good["signature"]) == 400
    assert StripeEvent.objects.count() == 0

    sweep()
    booking.assert_is(OrderState.PAYING, "waiting")


def test_a_webhook_alone_is_never_believed(booking: Booking, stripe: Stripe) -> None:
    """An event that says paid, signed with the right secret, of a session that is not."""
    session = stripe.newest("checkout.session")
    stripe.pay(booking.page, DECLINED)
    event = stripe.every("event")[-1]
    lie = event["data"]["object"] | session | {"status": "complete", "payment_status": "paid"}
    stripe.control("change", kind="event", id=event["id"], fields={"data": {"object": lie}})

    assert carry(stripe, event["id"]) == 204
    sweep()

    booking.assert_is(OrderState.PAYING, "waiting")


def test_an_answer_that_gets_lost_opens_one_page(
    nord: Tenant, four_near: Cast, visitor: Client, stripe: Stripe
) -> None:
    before = len(stripe.every("checkout.session"))
    stripe.control("lose-answer", path="/v1/checkout/sessions", times=RETRIES + 1)

    booking = Booking(nord, visitor)

    assert booking.answer.status_code == 503
    assert "cannot be reached" in words_of(booking.answer.text)
    booking.assert_is(OrderState.PAYING, "waiting")

    again = visitor.post(f"{booking.path}pay/")

    assert again.status_code == 302
    assert len(stripe.every("checkout.session")) == before + 1


def test_while_stripe_is_away_the_payment_is_being_checked(
    booking: Booking, stripe: Stripe, settings: Settings
) -> None:
    stripe.pay(booking.page)
    settings.STRIPE_API = "http://127.0.0.1:9"

    answer = booking.visitor.get(f"/en/bookings/{booking.draft_id}/done/")

    assert "We are checking your payment" in answer.text
    assert '<meta http-equiv="refresh" content="5">' in answer.text

    settings.STRIPE_API = stripe.address
    assert "Thank you for your order" in booking.come_back()


@pytest.mark.parametrize("wrong", [{"amount_total": 100}, {"currency": "pln"}, {"client_reference_id": "another"}])
def test_an_answer_that_is_not_what_was_asked_for_releases_nothing(
    booking: Booking, stripe: Stripe, wrong: dict[str, object]
) -> None:
    stripe.pay(booking.page)
    session = stripe.newest("checkout.session")
    stripe.control("change", kind="checkout.session", id=session["id"], fields=wrong)

    booking.come_back()

    booking.assert_is(OrderState.PAYING, "waiting")
    assert booking.payment.state == CardState.WRONG
    assert "was asked for" in booking.payment.last_error


def test_who_cancels_gets_the_whole_amount_back(booking: Booking, stripe: Stripe) -> None:
    stripe.pay(booking.page)
    booking.come_back()
    deliver()

    booking.cancel()
    assert "€49.00 is being refunded to you." in booking.look()
    mail = next(mail for mail in deliver() if mail.to == [booking.order.email])
    assert "We are refunding €49.00 the way you paid." in mail.body

    sweep()

    assert "Refunded: €49.00" in booking.look()
    refund = stripe.newest("refund")
    assert (refund["amount"], refund["status"]) == (4900, "succeeded")
    assert refund["payment_intent"] == booking.payment.intent_id
    assert booking.payment.refunded_minor == 4900


def test_a_refund_whose_answer_gets_lost_is_made_once(
    booking: Booking, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    stripe.pay(booking.page)
    booking.come_back()
    before = len(stripe.every("refund"))
    booking.cancel()
    stripe.control("lose-answer", path="/v1/refunds", times=RETRIES + 1)

    sweep()
    assert booking.order.payment.refunded_at is None
    assert "UnableToReachStripe" in booking.payment.last_error

    clock.shift(timedelta(minutes=1))
    sweep()

    assert booking.order.payment.refunded_at == now()
    assert len(stripe.every("refund")) == before + 1
    assert booking.payment.look_at is None


def test_who_cancels_before_paying_is_not_charged(booking: Booking, stripe: Stripe) -> None:
    booking.cancel()
    booking.assert_is(OrderState.CANCELLED, "waiting")

    sweep()

    assert stripe.newest("checkout.session")["status"] == "expired"
    assert "You don't pay anything" in booking.look()


def test_money_that_comes_after_the_end_goes_back(booking: Booking, stripe: Stripe) -> None:
    booking.cancel()
    # In the moment between the cancelling and the closing of the page.
    stripe.pay(booking.page)

    sweep()
    sweep()

    booking.assert_is(OrderState.CANCELLED, "paid")
    assert stripe.newest("refund")["payment_intent"] == booking.payment.intent_id
    assert booking.payment.refunded_minor == 4900
    assert "Refunded: €49.00" in booking.look()
    assert f"We are refunding your payment (order {booking.order.number})" in [m.subject for m in deliver()]


def test_money_that_comes_after_another_way_was_chosen_goes_back(booking: Booking, stripe: Stripe) -> None:
    booking.pay_otherwise("invoice")
    stripe.pay(booking.page)

    sweep()
    sweep()

    booking.assert_is(OrderState.SEARCHING, "to_invoice", asked=4)
    assert stripe.newest("refund")["amount"] == 4900
    assert booking.payment.refunded_minor == 4900


def test_no_more_goes_back_than_came(booking: Booking, stripe: Stripe) -> None:
    stripe.pay(booking.page)
    booking.come_back()
    with platform_context(), transaction.atomic():
        ask_refund(booking.payment.pk, amount_minor=4000, why="test", now=now())

    with platform_context(), pytest.raises(RefundTooHigh):
        ask_refund(booking.payment.pk, amount_minor=901, why="test", now=now())

    with pytest.raises(IntegrityError), transaction.atomic():
        CardPayment.objects.update(refunded_minor=4901)
    assert CardRefund.objects.count() == 1


def test_the_database_releases_nothing_unpaid(booking: Booking) -> None:
    refused = pytest.raises(IntegrityError, match="before its payment")

    with tenant_context(booking.nord), refused, transaction.atomic():
        Order.objects.filter(draft=booking.draft_id).update(state=OrderState.SEARCHING)


def test_an_order_is_paid_on_one_page_only(booking: Booking) -> None:
    copy = booking.payment
    copy.pk, copy.key, copy.session_id = UUID(int=1), "another", "another"

    with pytest.raises(IntegrityError, match="card_payment_one_live_an_order"), transaction.atomic():
        copy.save(force_insert=True)


def test_without_a_key_no_card_is_offered(nord: Tenant, visitor: Client) -> None:
    with tenant_context(nord):
        draft = complete_draft(payment={"method": "card"})

    assert "By card" not in visitor.get(f"/en/bookings/{draft.pk}/payment/").text
    assert visitor.post(f"/en/bookings/{draft.pk}/review/", EARLY_START).status_code == 422


def test_with_a_key_the_card_is_offered_and_forms_may_lead_to_its_page(
    nord: Tenant, visitor: Client, stripe: Stripe
) -> None:
    with tenant_context(nord):
        draft = complete_draft()

    answer = visitor.get(f"/en/bookings/{draft.pk}/payment/")

    assert "By card, now" in answer.text


def test_managers_see_an_order_once_it_is_paid(booking: Booking, stripe: Stripe, manager_client: Client) -> None:
    number = str(booking.order.number)
    assert number not in manager_client.get("/admin/orders/").text

    stripe.pay(booking.page)
    booking.come_back()

    assert number in manager_client.get("/admin/orders/").text
    detail = manager_client.get(f"/admin/orders/inspect/{booking.order.pk}/")
    assert "By card, now: Paid" in words_of(detail.text)
