"""The customer pays when the work is done: by card on a page or a reader, or in cash (R19)."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings
from segno import make_qr

from crowd.models import Friend
from dispatch.models import Job
from journeys.links import order_token, paid_url
from journeys.order.paying.pay_by_card import look_after
from kernel.clock import now
from orders.models import Order
from orders.states import ObjectionOutcome
from stripe_gateway.errors import UnableToReachSumUp
from stripe_gateway.models import CardPayment, CardRefund
from stripe_gateway.states import CardState, RefundState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import close, confirm, object_and_settle
from tests.money.stripe import Stripe
from tests.money.sumup import DECLINED, SumUp
from tests.money.test_card import Booking, sweep
from tests.overflow import bring_on_site, fresh
from tests.pages import assert_valid_html, press, text_of

PRICE = 4_900


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture
def done(nord: Tenant, ben: Friend, sumup: SumUp) -> Order:
    """Return an order of 49 euros that Ada wants to pay by card on site; Ben has done the work."""
    order = book(nord, payment={"method": "card_on_site"})
    bring_on_site(order, ben)
    close(order, ben)
    return order


class Phone:
    """Ben's phone, on the page of a job's payment."""

    def __init__(self, client: Client, order: Order) -> None:
        self.client, self.order = client, order
        self.path = f"/en/jobs/{order.placed_job_id}/pay/"

    def look(self) -> str:
        return said(self.client.get(self.path))

    def follow(self) -> str:
        """What the page shows when it asks anew by itself."""
        return plain(self.client.get(self.path, headers={"hx-request": "true"}))

    def press(self, words: str) -> str:
        return said(press(self.client, self.client.get(self.path), words))


@pytest.fixture
def phone(friend_client: Client, done: Order) -> Phone:
    return Phone(friend_client, done)


def said(page: Any) -> str:
    assert_valid_html(page)
    return plain(page)


def plain(page: Any) -> str:
    return text_of(page).replace("\N{NO-BREAK SPACE}", " ")


def payment_of(order: Order) -> CardPayment:
    return CardPayment.objects.filter(order_id=order.uuid).latest("created_at")


def page_of(sumup: SumUp, order: Order) -> str:
    """Return the address behind the code."""
    checkout = sumup.every("checkout")[-1]
    assert CardPayment.objects.filter(order_id=order.uuid, session_id=checkout["id"]).exists()
    return str(checkout["hosted_checkout_url"])


def state_of(nord: Tenant, order: Order) -> tuple[str, str]:
    with tenant_context(nord):
        payment = fresh(nord, order).payment
        return payment.method, payment.state


def test_the_friend_shows_a_code_and_the_page_follows_until_it_is_paid(
    nord: Tenant, ben: Friend, done: Order, sumup: SumUp, friend_client: Client, phone: Phone
) -> None:
    job_page = friend_client.get(f"/en/jobs/{done.placed_job_id}/")
    assert f'href="{phone.path}"' in job_page.text
    assert "Not paid yet" in said(job_page)

    shown = phone.press("Card: show the code")
    assert "Let the customer scan this code" in shown
    assert "€49.00" in shown
    code = re.search(r'class="qr" src="([^"]+)"', friend_client.get(phone.path).text)
    assert code
    assert code[1].replace("&#x27;", "'") == make_qr(page_of(sumup, done), error="m").svg_data_uri(
        border=3, light="#fff"
    )

    assert "Your card was declined" in sumup.pay(page_of(sumup, done), DECLINED)
    assert "Waiting for the payment" in phone.follow()
    assert state_of(nord, done) == ("card_on_site", "due_on_site")

    sumup.pay(page_of(sumup, done))
    assert "The payment has arrived" in phone.follow()
    assert "Paid on site" in said(friend_client.get(f"/en/jobs/{done.placed_job_id}/"))
    assert state_of(nord, done) == ("card_on_site", "paid")
    assert held_of(done) == {"sumup": PRICE, "customer": -PRICE}
    assert any("receipt" in one.subject for one in deliver() if one.to == [done.email])

    confirm(nord, done)
    assert events_of(done) == ["card_paid", "job_done", "commission_taken"]
    assert "customer" not in held_of(done)
    assert earned_by(ben, done) == Job.objects.get().friend_minor


def test_what_is_asked_for_is_the_price_and_nothing_personal(done: Order, sumup: SumUp, phone: Phone) -> None:
    phone.press("Card: show the code")

    (checkout,) = sumup.every("checkout")
    assert (checkout["amount"], checkout["currency"]) == (49.0, "EUR")
    assert checkout["description"].endswith(str(done.number))
    assert not {"Ada", done.email, done.street} & set(str(checkout).split('"'))
    assert order_token(done.uuid) not in str(checkout)


def test_whoever_comes_back_reads_only_whether_it_is_paid(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone, visitor: Client
) -> None:
    phone.press("Card: show the code")
    with tenant_context(nord):
        path = paid_url(nord, done.uuid, "en").split("localhost:8000")[-1].split("nord.localhost")[-1]

    assert "No payment has arrived yet" in said(visitor.get(path))
    back = sumup.pay(page_of(sumup, done))
    assert back.endswith(path)
    page = said(visitor.get(path))

    assert "€49.00 has arrived" in page
    assert done.street not in page
    assert state_of(nord, done) == ("card_on_site", "paid")


def test_another_amount_releases_nothing_and_operators_hear_of_it(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone
) -> None:
    phone.press("Card: show the code")
    sumup.pay(page_of(sumup, done))
    (checkout,) = sumup.every("checkout")
    wrong = [checkout["transactions"][0] | {"amount": 48.995}]
    sumup.control("change", kind="checkout", id=checkout["id"], fields={"transactions": wrong})

    seen = phone.follow()

    assert "please don't collect it again" in seen
    assert "Card: show the code" not in seen
    assert payment_of(done).state == CardState.WRONG
    assert state_of(nord, done) == ("card_on_site", "due_on_site")
    assert events_of(done) == []


def test_two_phones_show_one_page_that_is_paid_once(done: Order, sumup: SumUp, phone: Phone) -> None:
    phone.press("Card: show the code")
    again = Client(headers={"host": "app.localhost"})
    again.cookies = phone.client.cookies
    assert "Let the customer scan this code" in Phone(again, done).look()

    page = page_of(sumup, done)
    sumup.pay(page)
    assert "This payment is made" in sumup.pay(page)
    phone.follow()
    assert "The payment has arrived" in Phone(again, done).follow()

    assert len(sumup.every("checkout")) == len(sumup.every("transaction")) == 1
    assert events_of(done) == ["card_paid"]


def test_a_link_that_has_expired_gives_way_to_a_new_one(
    done: Order, sumup: SumUp, phone: Phone, clock: time_machine.Coordinates
) -> None:
    phone.press("Card: show the code")
    first = page_of(sumup, done)
    clock.shift(timedelta(minutes=61))
    sumup.control("clock", now=now().timestamp())

    assert "Card: show the code" in phone.look()
    assert "expired" in sumup.pay(first)

    clock.shift(timedelta(seconds=1))
    phone.press("Card: show the code")
    sumup.pay(page_of(sumup, done))
    assert "The payment has arrived" in phone.follow()
    assert events_of(done) == ["card_paid"]


def test_answers_that_get_lost_open_one_page_and_lose_no_payment(done: Order, sumup: SumUp, phone: Phone) -> None:
    sumup.lose("POST /v0.1/checkouts")
    assert "cannot be reached at the moment" in phone.press("Card: show the code")

    assert "Let the customer scan this code" in phone.follow()
    assert len(sumup.every("checkout")) == 1

    sumup.pay(page_of(sumup, done))
    sumup.lose("GET /v0.1/checkouts/.+")
    assert "a payment that was made is not lost" in phone.follow()
    assert "The payment has arrived" in phone.follow()
    assert events_of(done) == ["card_paid"]


def test_a_payment_after_the_customer_chose_cash_goes_back(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone, visitor: Client
) -> None:
    phone.press("Card: show the code")
    page = page_of(sumup, done)
    with tenant_context(nord):
        path = f"/en/orders/{order_token(done.uuid)}/"
    change = visitor.get(re.search(r'href="([^"]+/payment/)"', visitor.get(path).text)[1])  # type: ignore[index]
    assert "Way to pay: In cash, on site" in said(press(visitor, change, "Choose this way to pay", {"method": "cash"}))
    assert "In cash" in said(phone.client.get(f"/en/jobs/{done.placed_job_id}/"))

    sumup.pay(page)
    sweep()
    assert "Noted: paid in cash" in phone.press("I have €49.00 in cash")
    sweep()

    assert state_of(nord, done) == ("cash", "paid")
    assert sorted(events_of(done)) == ["card_paid", "cash_paid", "refund_paid"]
    assert held_of(done) == {"cash": PRICE, "customer": -PRICE}
    (transaction,) = sumup.every("transaction")
    assert sum(event["amount"] for event in transaction["transaction_events"]) == transaction["amount"]
    assert any("refunding your payment" in one.subject for one in deliver())


def test_cash_is_not_taken_for_what_was_paid_by_card_a_moment_ago(done: Order, sumup: SumUp, phone: Phone) -> None:
    phone.press("Card: show the code")
    before = phone.client.get(phone.path)
    sumup.pay(page_of(sumup, done))

    after = press(phone.client, before, "I have €49.00 in cash")

    assert "The customer has paid already" in said(after)
    assert events_of(done) == ["card_paid"]


def test_what_was_paid_online_is_freed_when_the_customer_pays_another_way_at_the_door(
    nord: Tenant, ben: Friend, visitor: Client, stripe: Stripe, sumup: SumUp, friend_client: Client
) -> None:
    booking = Booking(nord, visitor)
    stripe.pay(booking.page)
    booking.come_back()
    order = booking.order
    bring_on_site(order, ben)
    deliver()
    change = visitor.get(f"{booking.path}payment/")
    assert "we refund what you have paid by card" in said(change)

    press(visitor, change, "Choose this way to pay", {"method": "card_on_site"})
    sweep()
    deliver()

    assert "By card when the work is done" in said(friend_client.get(f"/en/jobs/{order.placed_job_id}/"))
    told = {one.to[0]: one.subject for one in mail.outbox if "another way" in one.subject}
    assert set(told) == {ben.email, order.email}
    assert held_of(order) == {}
    close(order, ben)
    phone = Phone(friend_client, order)
    phone.press("Card: show the code")
    sumup.pay(page_of(sumup, order))
    phone.follow()
    assert held_of(order) == {"sumup": PRICE, "customer": -PRICE}


def test_whoever_owes_too_much_from_cash_is_given_no_more_of_it(
    nord: Tenant, ben: Friend, done: Order, phone: Phone, visitor: Client
) -> None:
    Friend.objects.filter(pk=ben.pk).update(cashless_in=["EUR"])
    with tenant_context(nord):
        path = f"/en/orders/{order_token(done.uuid)}/payment/"

    assert "In cash" not in said(visitor.get(path))
    assert "You owe too much from cash" in phone.press("I have €49.00 in cash")
    assert state_of(nord, done) == ("card_on_site", "due_on_site")


def test_a_refund_whose_answer_got_lost_is_made_once(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone, clock: time_machine.Coordinates
) -> None:
    phone.press("Card: show the code")
    sumup.pay(page_of(sumup, done))
    phone.follow()
    object_and_settle(nord, done, ObjectionOutcome.REFUND)
    payment = payment_of(done)
    sumup.lose("POST .+/refunds")

    with pytest.raises(UnableToReachSumUp):
        look_after(payment.pk, now=now())
    look_after(payment.pk, now=now())

    assert CardRefund.objects.get().state == RefundState.MADE
    assert len(sumup.every("refund")) == 1
    assert held_of(done).get("sumup", 0) == held_of(done).get("customer", 0) == 0


def test_a_reader_asks_for_the_card_and_what_it_brings_is_found(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone, clock: time_machine.Coordinates
) -> None:
    Tenant.objects.filter(pk=nord.pk).update(card_readers=[["rdr_A", "Solo A"], ["rdr_B", "Solo B"]])
    phone.press("Card: show the code")
    shown = phone.press("Card: on Solo A")
    assert "Solo A is asking for the card" in shown

    sumup.tap("rdr_A", "FAILED")
    assert "Card: on Solo A" in phone.follow()
    sumup.control("change", kind="reader", id="rdr_A", fields={"is_online": False})
    assert "The card reader is not ready" in phone.press("Card: on Solo A")
    sumup.control("change", kind="reader", id="rdr_A", fields={"is_online": True})
    clock.shift(timedelta(minutes=6))
    phone.press("Card: on Solo A")
    sumup.tap("rdr_A")
    assert "The payment has arrived" in phone.follow()
    sweep()

    assert held_of(done) == {"sumup": PRICE, "customer": -PRICE}
    assert {one["status"] for one in sumup.every("checkout")} == {"EXPIRED"}


def test_a_reader_whose_answer_got_lost_is_not_asked_twice(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone
) -> None:
    Tenant.objects.filter(pk=nord.pk).update(card_readers=[["rdr_C", "Solo C"]])
    sumup.lose("POST .+/readers/rdr_C/checkout")
    assert "cannot be reached" in phone.press("Card: on Solo C")
    assert "Solo C is asking for the card" in phone.look()
    sumup.tap("rdr_C")
    assert "The payment has arrived" in phone.follow()
    assert len(sumup.every("transaction")) == 1


def test_stripe_takes_the_card_where_the_partner_says_so(
    nord: Tenant, done: Order, stripe: Stripe, phone: Phone
) -> None:
    Tenant.objects.filter(pk=nord.pk).update(on_site_provider="stripe")
    phone.press("Card: show the code")
    stripe.pay(stripe.newest("checkout.session")["url"])

    assert "The payment has arrived" in phone.follow()
    assert held_of(done) == {"stripe": PRICE, "customer": -PRICE}


def test_a_hint_lets_a_payment_be_looked_at_and_nonsense_does_nothing(
    nord: Tenant, done: Order, sumup: SumUp, phone: Phone
) -> None:
    phone.press("Card: show the code")
    payment = payment_of(done)
    anybody = Client(headers={"host": "app.localhost"}, enforce_csrf_checks=True)

    def hint(body: str) -> int:
        return anybody.post("/sumup/webhook/", body, content_type="application/json").status_code

    assert hint("[]") == hint("{") == HTTPStatus.BAD_REQUEST
    assert hint('{"id": "somebody-elses", "event_type": "CHECKOUT_STATUS_CHANGED"}') == HTTPStatus.NO_CONTENT
    assert sweep() == 0
    assert hint(f'{{"id": "{payment.session_id}", "status": "PAID"}}') == HTTPStatus.NO_CONTENT
    sweep()
    assert state_of(nord, done) == ("card_on_site", "due_on_site")

    sumup.pay(page_of(sumup, done))
    hint(f'{{"id": "{payment.session_id}"}}')
    sweep()
    assert state_of(nord, done) == ("card_on_site", "paid")


def test_without_a_provider_nobody_is_offered_a_card_on_site(nord: Tenant, ben: Friend, settings: Settings) -> None:
    settings.SUMUP_KEY = settings.STRIPE_KEY = ""
    order = book(nord)
    bring_on_site(order, ben)
    close(order, ben)
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": ben.email, "password": "test"})
    with tenant_context(nord):
        path = f"/en/orders/{order_token(order.uuid)}/payment/"

    assert "By card, on site" not in said(Client(headers={"host": "nord.localhost"}).get(path))


def test_an_operator_says_who_takes_cards_on_site_and_which_readers_there_are(
    nord: Tenant, operator_client: Client
) -> None:
    path, save = "/en/operators/partners/nord/settings/", "Save the settings"
    page = operator_client.get(path)

    wrong = press(operator_client, page, save, {"card_readers": "rdr_A"})
    assert "an id and a name on every line" in said(wrong)
    typed = {"on_site_provider": "sumup", "card_readers": "rdr_A Solo Zürich\n rdr_B  Solo Bern "}
    press(operator_client, page, save, typed)

    nord.refresh_from_db()
    assert (nord.on_site_provider, nord.card_readers) == ("sumup", [["rdr_A", "Solo Zürich"], ["rdr_B", "Solo Bern"]])
    assert "Solo Zürich, Solo Bern" in said(operator_client.get("/en/operators/partners/nord/history/"))
    assert "rdr_A Solo Zürich" in operator_client.get(path).text
