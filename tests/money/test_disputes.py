"""Disputes, payments that are not what was asked for, and refunds that fail: on the operators' desk."""

import csv
import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from accounts.models import Kind, User
from crowd.models import Friend
from journeys.money.incoming.record import record_of
from journeys.money.incoming.record_paper import draw_record
from journeys.order.paying.pay_by_card import sweep_card_payments
from kernel.clock import now
from ledger import chart
from ledger.selectors import balance_of
from orders.states import OrderState
from stripe_gateway.models import CardDispute, CardRefund
from stripe_gateway.states import CardState, DisputeState, RefundState
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.billing.papers import text_of
from tests.cast import PASSWORD, deliver
from tests.money.held import events_of, held_of
from tests.money.stripe import DISPUTED, Stripe, words_of
from tests.money.test_card import Booking, carry
from tests.pages import assert_valid_html
from tests.pages import press as follow

Cast = dict[str, Friend]
DESK = "/en/operators/payments/"


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return an operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def booking(nord: Tenant, four_near: Cast, visitor: Client, stripe: Stripe) -> Booking:
    """Let Ada book by card and pay."""
    booking = Booking(nord, visitor)
    stripe.pay(booking.page)
    booking.come_back()
    deliver()
    return booking


def sweep(stripe: Stripe, *, since: int) -> int:
    """Carry over the webhooks since then, newest first, and look after what they are about."""
    for event in reversed(stripe.events()[since:]):
        assert carry(stripe, event) == 204
    with platform_context():
        return sweep_card_payments(now=now())


def open_dispute(stripe: Stripe, booking: Booking, **how: str) -> CardDispute:
    before = len(stripe.events())
    stripe.control("dispute", payment_intent=booking.payment.intent_id, **how)
    sweep(stripe, since=before)
    return CardDispute.objects.get(payment=booking.payment)


def decide(stripe: Stripe, dispute: CardDispute, status: str) -> CardDispute:
    before = len(stripe.events())
    stripe.control("decide", dispute=dispute.dispute_id, status=status)
    sweep(stripe, since=before)
    dispute.refresh_from_db()
    return dispute


def press(client: Client, path: str, button: str) -> str:
    """Press a button of a page and return the words of the page that follows."""
    page = client.get(path)
    assert_valid_html(page)
    form = re.search(rf'<form[^>]*action="([^"]+)"(?:(?!</form>).)*{button}', page.text, re.S)
    assert form is not None, button
    return words_of(client.post(form[1], follow=True).text)


def held(name: chart.AccountName) -> int:
    with platform_context():
        return balance_of(name, "EUR")


def test_a_dispute_freezes_the_money_is_answered_with_the_record_and_won(
    booking: Booking, stripe: Stripe, operator_client: Client
) -> None:
    dispute = open_dispute(stripe, booking)

    assert (dispute.state, dispute.amount_minor, dispute.currency) == (DisputeState.OPEN, 4900, "EUR")
    assert dispute.due_by == now() + timedelta(days=9)
    assert held(chart.DISPUTED) == 4900
    assert "A card payment is disputed" in [mail.subject for mail in deliver()]
    assert "To be answered" in words_of(operator_client.get(DESK).text)

    before = len(stripe.events())
    page = press(operator_client, f"{DESK}disputes/{dispute.pk}/", "Send the record to the bank")
    assert "has been sent to the bank" in page
    assert "Send the record to the bank" not in page

    sent = stripe.newest("dispute")
    assert sent["status"] == "under_review"
    assert sent["evidence"]["customer_email_address"] == booking.order.email
    assert "The payment arrived" in sent["evidence"]["uncategorized_text"]
    [record] = [one for one in stripe.every("file") if one["id"] == sent["evidence"]["service_documentation"]]
    assert (record["type"], record["filename"]) == ("pdf", f"{booking.order.number}.pdf")
    sweep(stripe, since=before)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.answered_at) == (DisputeState.ANSWERED, now())

    assert decide(stripe, dispute, "won").state == DisputeState.WON
    assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == (0, 0)
    assert "A dispute was won" in [mail.subject for mail in deliver()]
    assert "No dispute waits." in words_of(operator_client.get(DESK).text)
    assert "Won" in words_of(follow(operator_client, operator_client.get(DESK), "Disputes").text)


def test_a_lost_dispute_is_borne_by_the_guarantee_and_nothing_goes_back_twice(booking: Booking, stripe: Stripe) -> None:
    dispute = open_dispute(stripe, booking)
    booking.cancel()
    with platform_context():
        sweep_card_payments(now=now())
    refund = CardRefund.objects.get(payment=booking.payment)
    assert refund.state == RefundState.ASKED

    decide(stripe, dispute, "lost")

    assert held_of(booking.order) == {}
    refund.refresh_from_db()
    assert refund.state == RefundState.BY_BANK
    assert booking.payment.intent_id not in [one["payment_intent"] for one in stripe.every("refund")]


def test_an_operator_gives_a_dispute_up_for_good(booking: Booking, stripe: Stripe, operator_client: Client) -> None:
    dispute = open_dispute(stripe, booking)
    page = f"{DESK}disputes/{dispute.pk}/"
    assert_valid_html(operator_client.get(page))
    unsure = words_of(operator_client.post(f"{page}accept/", follow=True).text)
    assert "Please tick that you are sure" in unsure
    assert stripe.newest("dispute")["status"] == "needs_response"

    said = words_of(follow(operator_client, operator_client.get(page), "Give it up for good", {"sure": "on"}).text)

    assert "The dispute has been given up." in said
    assert "Send the record to the bank" not in said
    dispute.refresh_from_db()
    assert (dispute.state, dispute.accepted_by) == (DisputeState.LOST, "olga@quartett.example")
    assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == (0, 4900)
    again = words_of(operator_client.post(f"{page}accept/", {"sure": "on"}, follow=True).text)
    assert "has been answered or decided already" in again


def test_the_record_shows_the_photos_of_both_sides(booking: Booking, nord: Tenant) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    with tenant_context(nord):
        answer = booking.order.answers.order_by("id").first()
        assert answer is not None
        answer.photo.save("router.jpg", ContentFile(picture.getvalue()))
        record = record_of(booking.order.uuid)
        paper = draw_record(record, identifier=b"one")

    assert len(record.photos) == 1
    assert f"Record of order {booking.order.number}" in text_of(paper)
    assert b"/Subtype /Image" in paper or b"/Subtype/Image" in paper


def test_a_refund_waits_for_the_end_of_a_dispute(booking: Booking, stripe: Stripe) -> None:
    dispute = open_dispute(stripe, booking)
    booking.cancel()

    decide(stripe, dispute, "won")

    assert CardRefund.objects.get(payment=booking.payment).state == RefundState.MADE
    assert stripe.newest("refund")["payment_intent"] == booking.payment.intent_id
    assert "Refunded: €49.00" in booking.look()


def test_events_of_a_dispute_may_come_twice_and_in_any_order(
    booking: Booking, stripe: Stripe, operator_client: Client
) -> None:
    before = len(stripe.events())
    stripe.control("dispute", payment_intent=booking.payment.intent_id)
    stripe.control("decide", dispute=stripe.newest("dispute")["id"], status="lost")

    for _again in range(2):
        sweep(stripe, since=before)

    assert CardDispute.objects.get(payment=booking.payment).state == DisputeState.LOST
    assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == (0, 4900)
    assert [mail.subject for mail in deliver()].count("A dispute was lost") == 1


def test_an_inquiry_takes_no_money(booking: Booking, stripe: Stripe, operator_client: Client) -> None:
    dispute = open_dispute(stripe, booking, status="warning_needs_response")

    assert held(chart.DISPUTED) == 0
    page = words_of(operator_client.get(f"{DESK}disputes/{dispute.pk}/").text)
    assert "The bank only asks; it has taken no money." in page
    assert "The customer says they did not make the payment" in page

    assert decide(stripe, dispute, "warning_closed").state == DisputeState.WON
    assert held(chart.DISPUTED) == 0


def test_the_desk_shows_no_words_of_the_record(booking: Booking, stripe: Stripe, operator_client: Client) -> None:
    dispute = open_dispute(stripe, booking)

    page = operator_client.get(f"{DESK}disputes/{dispute.pk}/").text

    assert booking.order.email not in page
    assert booking.order.name not in page


def test_the_card_that_disputes_is_paid_first(nord: Tenant, four_near: Cast, visitor: Client, stripe: Stripe) -> None:
    booking, before = Booking(nord, visitor), len(stripe.events())

    stripe.pay(booking.page, DISPUTED)
    sweep(stripe, since=before)
    with platform_context():
        sweep_card_payments(now=now())

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert CardDispute.objects.get(payment=booking.payment).state == DisputeState.OPEN


@pytest.fixture
def wrong(nord: Tenant, four_near: Cast, visitor: Client, stripe: Stripe) -> Booking:
    """Let Ada pay, and Stripe say another amount than was asked for."""
    booking = Booking(nord, visitor)
    stripe.pay(booking.page)
    session = stripe.newest("checkout.session")
    stripe.control("change", kind="checkout.session", id=session["id"], fields={"amount_total": 100})
    booking.come_back()
    assert booking.payment.state == CardState.WRONG
    return booking


def test_a_wrong_payment_is_sent_back_and_its_order_ends(
    wrong: Booking, stripe: Stripe, operator_client: Client
) -> None:
    assert "A payment is not what was asked for" in [mail.subject for mail in deliver()]
    assert "was asked for" in words_of(operator_client.get(DESK).text)

    assert "is being sent back" in press(operator_client, DESK, "Send the money back")
    wrong.assert_is(OrderState.CANCELLED, "waiting")
    with platform_context():
        sweep_card_payments(now=now())

    refund = stripe.newest("refund")
    assert (refund["payment_intent"], refund["amount"]) == (wrong.payment.intent_id, 4900)
    assert "Every payment is what was asked for." in words_of(operator_client.get(DESK).text)
    mail = next(mail for mail in deliver() if mail.to == [wrong.order.email])
    assert "something went wrong with your payment" in mail.body
    assert wrong.payment.look_at is None
    assert events_of(wrong.order) == ["card_paid", "refund_paid"]
    assert held_of(wrong.order) == {}


def test_a_wrong_payment_that_is_put_right_releases_its_order(
    wrong: Booking, stripe: Stripe, operator_client: Client
) -> None:
    assert "Nothing has changed." in press(operator_client, DESK, "Ask Stripe again")

    session = stripe.newest("checkout.session")
    stripe.control("change", kind="checkout.session", id=session["id"], fields={"amount_total": 4900})
    assert "The payment is right now." in press(operator_client, DESK, "Ask Stripe again")

    wrong.assert_is(OrderState.SEARCHING, "paid", asked=4)


@pytest.fixture
def failed(booking: Booking, stripe: Stripe) -> CardRefund:
    """Let Ada cancel, and her bank send the refund back days later."""
    booking.cancel()
    with platform_context():
        sweep_card_payments(now=now())
    assert "Refunded: €49.00" in booking.look()
    before = len(stripe.events())
    stripe.control("fail-refund", id=stripe.newest("refund")["id"])
    sweep(stripe, since=before)
    return CardRefund.objects.get(payment=booking.payment)


def test_a_refund_that_fails_is_tried_again(
    booking: Booking, failed: CardRefund, stripe: Stripe, operator_client: Client, clock: time_machine.Coordinates
) -> None:
    assert failed.state == RefundState.FAILED
    assert held_of(booking.order) == {"stripe": 4900, "customer": -4900}
    assert "A refund has failed" in [mail.subject for mail in deliver()]
    assert "Refunded" not in booking.look()

    clock.shift(timedelta(hours=1))
    assert "will be tried again" in press(operator_client, DESK, "Try again")
    with platform_context():
        sweep_card_payments(now=now())

    assert "Refunded: €49.00" in booking.look()
    assert [one["status"] for one in stripe.every("refund")[-2:]] == ["failed", "succeeded"]
    assert held_of(booking.order) == {}
    assert "No refund has failed." in words_of(operator_client.get(DESK).text)


def test_a_refund_that_fails_may_be_sent_another_way(
    booking: Booking, failed: CardRefund, stripe: Stripe, operator_client: Client
) -> None:
    before = len(stripe.every("refund"))

    press(operator_client, DESK, "Sent another way")
    with platform_context():
        sweep_card_payments(now=now())

    assert "Refunded: €49.00" in booking.look()
    assert len(stripe.every("refund")) == before
    failed.refresh_from_db()
    assert failed.state == RefundState.REPLACED
    assert held_of(booking.order) == {"stripe": 4900, "bank": -4900}


def test_nobody_but_operators_sees_the_desk(booking: Booking, stripe: Stripe, friend_client: Client) -> None:
    dispute = open_dispute(stripe, booking)

    for path in (DESK, f"{DESK}disputes/{dispute.pk}/"):
        assert friend_client.get(path).status_code == 403
        assert Client(headers={"host": "app.localhost"}).get(path).status_code == 302


def test_payments_and_disputes_are_searched_and_taken_away(
    booking: Booking, stripe: Stripe, operator_client: Client, nord: Tenant
) -> None:
    dispute = open_dispute(stripe, booking)
    desk = operator_client.get(DESK)

    payments = follow(operator_client, desk, "All payments")
    assert_valid_html(payments)
    number, listed = booking.order.number or "", payments.request["PATH_INFO"]
    assert number in payments.text
    for asked, is_there in (
        (f"q={number}", True), ("q=nothing", False), ("state=paid", True), ("state=wrong", False),
        (f"partner={nord.pk}&currency=EUR", True), ("currency=CHF", False), ("state=nonsense", True),
    ):  # fmt: skip
        assert (number in operator_client.get(f"{listed}?{asked}").text) == is_there, asked
    (row,) = csv.DictReader(follow(operator_client, payments, "Download as CSV").text.splitlines())
    assert (row["order"], row["state"], row["amount_minor"]) == (str(booking.order.uuid), "paid", "4900")

    disputes = follow(operator_client, desk, "Disputes")
    assert_valid_html(disputes)
    assert number in disputes.text
    assert number not in operator_client.get(f"{DESK}disputes/?state=won").text
    (row,) = csv.DictReader(follow(operator_client, disputes, "Download as CSV").text.splitlines())
    assert (row["dispute"], row["state"]) == (dispute.dispute_id, "open")
