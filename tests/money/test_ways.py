"""Ways to pay of a country's own beside the card, and direct debits that a bank decides on days later."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from crowd.models import Friend
from dispatch.models import Job
from kernel.clock import now
from ledger.models import Transaction
from orders.models import TimeWindow
from orders.states import OrderState
from stripe_gateway import client
from stripe_gateway.errors import RefusedByStripe
from stripe_gateway.models import CardPayment
from stripe_gateway.services import PAY_WITHIN
from stripe_gateway.states import CardState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.papers import text_of
from tests.billing.sellers import name_sellers
from tests.billing.test_bills import pdfs
from tests.cast import deliver
from tests.money.stripe import Stripe, words_of
from tests.money.test_card import Booking, carry, sweep
from tests.money.test_client import asked, key
from tests.pages import assert_valid_html, press
from tests.pages import text_of as page_text
from tests.ratings import finish

Cast = dict[str, Friend]

GOOD, REFUSED = "DE89 3704 0044 0532 0130 00", "DE62 3704 0044 0532 0130 01"
# What the customer says no with, and yes, on the page of each way.
ANSWERS = {
    "twint": ({"confirmed": "no"}, {"confirmed": "yes"}),
    "p24": ({"confirmed": "no"}, {"confirmed": "yes"}),
    "eps": ({"confirmed": "no"}, {"confirmed": "yes"}),
    "blik": ({"code": "999999"}, {"code": "123 456"}),
}


@pytest.fixture
def with_debits(nord: Tenant) -> Tenant:
    """Let Nord take direct debits."""
    Tenant.objects.filter(pk=nord.pk).update(ways_to_pay={"DE": ["card", "sepa_debit", "cash"]})
    nord.refresh_from_db()
    return nord


@pytest.fixture
def booking(with_debits: Tenant, four_near: Cast, visitor: Client, stripe: Stripe) -> Booking:
    """Let Ada book by direct debit; she is on the hosted page now."""
    return Booking(with_debits, visitor, "sepa_debit")


def let_days_pass(stripe: Stripe, clock: time_machine.Coordinates) -> None:
    """Let the banks decide, and us look."""
    clock.shift(timedelta(days=3))
    stripe.control("clock", now=now().timestamp())
    sweep()


@pytest.mark.parametrize(("way", "currency"), [("twint", "chf"), ("blik", "pln"), ("p24", "pln"), ("eps", "eur")])
def test_a_way_of_the_country_is_refused_or_paid_at_once(stripe: Stripe, way: str, currency: str) -> None:
    price = {"currency": currency, "unit_amount": 4900, "product_data": {"name": "Wi-Fi"}}
    page = client.open_page(
        asked(allowed_payment_method_types=[way], line_items=[{"quantity": 1, "price_data": price}]), key=key()
    )
    no, yes = ANSWERS[way]

    assert "Your bank has refused the payment" in stripe.answer(client.read_page(page).url, **no)
    assert client.read_page(page).is_open

    stripe.answer(client.read_page(page).url, **yes)
    seen = client.read_page(page)
    assert (seen.is_paid, seen.received_minor, seen.currency) == (True, 4900, currency.upper())


def test_a_way_is_not_there_in_another_currency(stripe: Stripe) -> None:
    with pytest.raises(RefusedByStripe):
        client.open_page(asked(allowed_payment_method_types=["twint"]), key=key())


def test_a_partner_offers_what_it_has_chosen(with_debits: Tenant, visitor: Client, booking: Booking) -> None:
    page = words_of(visitor.get(f"/en/bookings/{booking.draft_id}/done/").text)

    assert "Pay now: direct debit" in page
    assert "By card, now" in page
    assert "By invoice" not in page


def test_an_order_waits_for_the_bank_and_is_released_when_it_says_yes(
    with_debits: Tenant,
    booking: Booking,
    four_near: Cast,
    friend_client: Client,
    stripe: Stripe,
    clock: time_machine.Coordinates,
) -> None:
    name_sellers(with_debits)
    assert "test accounts only" in stripe.answer(booking.page, iban="DE00 1234")
    back = stripe.answer(booking.page, iban=GOOD)

    page = words_of(booking.visitor.get(back).text)
    assert "Your bank is confirming your payment" in page
    assert "Pay another way" not in page
    booking.come_back()
    subjects = [mail.subject for mail in deliver()]
    assert subjects == [f"Your bank is confirming your payment (order {booking.order.number})"]

    # The page's hour is long over; the order waits all the same.
    clock.shift(PAY_WITHIN + timedelta(hours=1))
    sweep()
    booking.assert_is(OrderState.PAYING, "waiting")

    let_days_pass(stripe, clock)
    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    for event in [*stripe.events("checkout.session.async_payment_succeeded")] * 2:
        assert carry(stripe, event) == 204
        sweep()
    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert "Paid by direct debit" in booking.look()
    assert Transaction.objects.filter(event="card_paid").count() == 1

    assert "Already paid (direct debit)" in page_text(friend_client.get(f"/en/jobs/{booking.order.placed_job_id}/"))
    deliver()
    finish(booking.order, four_near["Ben"], is_paid=False)
    ((_name, receipt),) = pdfs(deliver())
    assert "Paid by direct debit on 27 November 2026. Thank you!" in text_of(receipt)


def test_an_order_ends_where_the_bank_says_no(
    booking: Booking, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    stripe.answer(booking.page, iban=REFUSED)
    booking.come_back()
    deliver()

    let_days_pass(stripe, clock)

    booking.assert_is(OrderState.CANCELLED, "waiting")
    assert [mail.subject for mail in deliver()] == [f"Your order {booking.order.number} was not paid"]
    assert "No payment has arrived" in booking.come_back()
    assert not Transaction.objects.exists()


def test_what_is_debited_for_a_cancelled_order_goes_back(
    booking: Booking, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    stripe.answer(booking.page, iban=GOOD)
    booking.come_back()
    booking.cancel()

    let_days_pass(stripe, clock)
    sweep()

    booking.assert_is(OrderState.CANCELLED, "paid")
    assert stripe.newest("refund")["amount"] == 4900
    assert set(Transaction.objects.values_list("event", flat=True)) == {"card_paid", "refund_paid"}


def test_another_way_online_opens_its_own_page(
    with_debits: Tenant, four_near: Cast, visitor: Client, stripe: Stripe
) -> None:
    booking = Booking(with_debits, visitor)
    card_page = booking.page

    page = booking.pay_otherwise("sepa_debit")

    assert "IBAN" in stripe.answer(page)
    sweep()
    booking.assert_is(OrderState.PAYING, "waiting")
    assert CardPayment.objects.get(state=CardState.OVER).way == "card"
    assert "This payment page has expired" in stripe.answer(card_page)


def test_a_card_that_is_charged_while_another_way_is_chosen_counts(
    with_debits: Tenant, four_near: Cast, visitor: Client, stripe: Stripe
) -> None:
    booking = Booking(with_debits, visitor)
    card_page = booking.page
    booking.pay_otherwise("sepa_debit")

    stripe.pay(card_page)
    sweep()

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert booking.order.payment_method == "card"
    assert "Paid by card" in booking.look()


def after(days: int, stripe: Stripe, clock: time_machine.Coordinates) -> None:
    """Let so many days pass before the bank's word is read."""
    clock.shift(timedelta(days=days))
    stripe.control("clock", now=now().timestamp())
    sweep()


def test_who_is_debited_after_the_wished_times_chooses_new_ones(
    booking: Booking, visitor: Client, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    stripe.answer(booking.page, iban=GOOD)
    booking.come_back()
    deliver()

    after(15, stripe, clock)

    booking.assert_is(OrderState.UNFILLED, "paid", asked=0)
    (mail,) = [mail for mail in deliver() if "new times" in mail.subject]
    assert "Meanwhile your preferred times have passed" in mail.body
    assert "Your preferred times have passed." in booking.look()
    sweep()
    booking.assert_is(OrderState.UNFILLED, "paid", asked=0)

    wished = f"{now().date() + timedelta(days=2)}:2"
    answer = visitor.post(f"{booking.path}times/", {"windows": [wished]})
    assert answer.status_code == 302
    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)


def test_who_would_rather_not_has_the_money_back(
    booking: Booking, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    stripe.answer(booking.page, iban=GOOD)
    booking.come_back()
    after(15, stripe, clock)

    booking.cancel()
    sweep()

    booking.assert_is(OrderState.CANCELLED, "paid")
    assert stripe.newest("refund")["amount"] == 4900


def test_of_the_wished_times_only_those_ahead_are_offered(
    with_debits: Tenant, booking: Booking, stripe: Stripe, clock: time_machine.Coordinates
) -> None:
    stripe.answer(booking.page, iban=GOOD)
    booking.come_back()
    ahead = now().date() + timedelta(days=9)
    with tenant_context(with_debits):
        TimeWindow.objects.create(order=booking.order, day=ahead, part=2)

    after(8, stripe, clock)

    booking.assert_is(OrderState.SEARCHING, "paid", asked=4)
    assert Job.objects.get(order_id=booking.order.uuid).windows == [[ahead.isoformat(), 2]]


def test_operators_list_payments_by_the_way(
    with_debits: Tenant, booking: Booking, visitor: Client, stripe: Stripe, operator_client: Client
) -> None:
    by_card = Booking(with_debits, visitor)
    page = "/en/operators/payments/all/"

    both = operator_client.get(page)
    debits = press(operator_client, both, "Search", {"way": "sepa_debit"})
    csv = operator_client.get(f"{page}csv/?way=card").text

    assert_valid_html(both)
    for number, way in ((booking.order.number, "Direct debit (SEPA)"), (by_card.order.number, "Card")):
        assert f"{number} Nord" in page_text(both)
        assert way in page_text(both)
    assert str(booking.order.number) in page_text(debits)
    assert str(by_card.order.number) not in page_text(debits)
    assert str(by_card.order.number) in csv
    assert str(booking.order.number) not in csv
    assert csv.splitlines()[0].split(",")[4] == "way"
    assert operator_client.get(f"{page}?way=nonsense").status_code == 200
