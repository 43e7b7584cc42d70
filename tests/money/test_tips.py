"""Tips (R12): all of it for whoever did the work, by card on the hosted page, or noted where it was given in cash."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from crowd.models import Friend
from journeys.links import order_token
from journeys.order.paying.give_tip import give_tip_in_cash
from journeys.order.paying.pay_by_card import look_after, open_tip_page
from journeys.reads.friend_earnings import jobs_earned, with_jobs
from journeys.reads.payout_statement import statement_of
from kernel.clock import now
from ledger.selectors import worker_figures
from orders.errors import IllegalOrderMove, TipGiven, TipOutOfRange
from orders.models import Order, Tip
from orders.selectors import order_by_uuid
from payouts.models import Payout
from stripe_gateway.models import CardPayment
from stripe_gateway.states import Purpose
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import close, confirm
from tests.money.stripe import Stripe
from tests.money.test_card_endings import paid_by_card, sent_back
from tests.overflow import bring_on_site
from tests.pages import assert_valid_html, press, text_of
from tests.payouts.money import run_now, with_account
from tests.responses import Response

# Of €49.00 the commission is €7.35, so €41.65 are Ben's.
BENS, TIP = 4_165, 500


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture
def done(nord: Tenant, ben: Friend, stripe: Stripe) -> Order:
    """Return an order by invoice whose work is confirmed, at an installation that takes cards."""
    order = book(nord, payment={"method": "invoice"})
    bring_on_site(order, ben)
    close(order, ben)
    confirm(nord, order)
    deliver()
    return order


def page_of(tenant: Tenant, order: Order, visitor: Client) -> Response:
    with tenant_context(tenant):
        path = f"/en/orders/{order_token(order.uuid)}/"
    return visitor.get(path)


def tip_page(tenant: Tenant, order: Order, amount: int = TIP) -> str:
    with tenant_context(tenant):
        return open_tip_page(order=order_by_uuid(order.uuid), amount_minor=amount, language="en", now=now())


def in_cash(tenant: Tenant, order: Order, amount: int = TIP) -> None:
    with tenant_context(tenant):
        give_tip_in_cash(order=order_by_uuid(order.uuid), tenant=tenant, amount_minor=amount, now=now())


def settle(order: Order) -> None:
    for payment in CardPayment.objects.filter(order_id=order.uuid):
        look_after(payment.pk, now=now())


def test_a_tip_by_card_is_all_the_friends_and_has_a_receipt(
    nord: Tenant, done: Order, ben: Friend, stripe: Stripe, visitor: Client, friend_client: Client
) -> None:
    page = page_of(nord, done, visitor)
    assert_valid_html(page)
    assert "A tip for Ben M.?" in text_of(page)
    assert "Give a tip by card" in text_of(page)
    stripe.pay(visitor.post(f"{page.request['PATH_INFO']}tip/", {"choice": "500", "how": "card"})["Location"])

    page = page_of(nord, done, visitor)

    assert "You gave Ben M. €5.00 by card. All of it is theirs." in text_of(page)
    assert_valid_html(page)
    assert events_of(done)[-1] == "tip_paid"
    assert held_of(done) == {"customer": 4_900, "stripe": TIP, "friend": BENS + TIP, "platform": 618, "vat": 117}
    told = {mail.to[0]: mail for mail in deliver()}
    assert told[done.email].subject == "Your tip for Ben M.: €5.00"
    assert told["ben@friends.example"].subject == "A tip for you: €5.00"
    assert "You got a tip of €5.00." in text_of(friend_client.get(f"/en/jobs/{done.placed_job_id}/"))
    (line,) = with_jobs(jobs_earned(ben.pk, now().year))
    assert (line.price_minor, line.commission_minor, line.tip_minor, line.net_minor) == (4_900, 735, TIP, BENS + TIP)
    assert "with a tip of €5.00" in text_of(friend_client.get("/en/earnings/"))


def test_the_statement_of_the_payout_names_the_tip(
    nord: Tenant, done: Order, ben: Friend, stripe: Stripe, friend_client: Client
) -> None:
    stripe.pay(tip_page(nord, done))
    settle(done)
    with_account(ben.pk)
    run_now()

    payout = Payout.objects.get()
    (line,) = statement_of(payout).lines
    assert (line.price_minor, line.tip_minor, line.earned_minor, payout.amount_minor) == (4_900, TIP, BENS + TIP, 4_665)
    page = friend_client.get(f"/en/payouts/{payout.pk}/")
    assert "with a tip of €5.00" in text_of(page)
    assert_valid_html(page)
    assert b",4900,735,500,4665,0,EUR" in friend_client.get(f"/en/payouts/{payout.pk}/csv/").content


def test_a_tip_of_a_later_month_is_earned_then_and_no_further_job(
    nord: Tenant, done: Order, ben: Friend, stripe: Stripe, clock: Coordinates
) -> None:
    clock.shift(timedelta(days=20))
    stripe.control("clock", now=now().timestamp())
    stripe.pay(tip_page(nord, done))
    settle(done)

    figures = worker_figures(unit="month", since=date(2026, 1, 1), until=date(2026, 12, 31), friend_id=ben.pk)
    months = [(one.begins.month, one.net_minor, one.jobs) for one in figures]
    assert months == [(11, BENS, 1), (12, TIP, 0)]


def test_cash_is_noted_and_not_booked(nord: Tenant, done: Order, visitor: Client, friend_client: Client) -> None:
    page = press(visitor, page_of(nord, done, visitor), "I gave it in cash", {"amount": "7.50"})

    assert "You gave Ben M. €7.50 in cash." in text_of(page)
    assert "tip_paid" not in events_of(done)
    assert [mail.subject for mail in deliver()] == ["A tip for you: €7.50"]
    assert "You got a tip of €7.50 in cash." in text_of(friend_client.get(f"/en/jobs/{done.placed_job_id}/"))


def test_what_is_wrong_stands_beside_the_field(nord: Tenant, done: Order, visitor: Client) -> None:
    page = page_of(nord, done, visitor)
    for amount in ("0.50", "200.01", "much"):
        answer = press(visitor, page, "I gave it in cash", {"amount": amount})
        assert answer.status_code == 422
        assert "Please enter a tip from 1 to 200." in text_of(answer)
    assert_valid_html(answer)
    with tenant_context(nord):
        assert not Tip.objects.exists()


def test_an_order_has_one_tip(nord: Tenant, done: Order, ben: Friend, stripe: Stripe) -> None:
    page = tip_page(nord, done)
    assert tip_page(nord, done) == page
    # Another amount before the first was paid: the first page is nobody's any more, and its money goes back.
    other = tip_page(nord, done, 1_000)
    stripe.pay(page)
    stripe.pay(other)
    settle(done)

    assert sent_back(done) == TIP
    assert earned_by(ben, done) == BENS + 1_000
    assert held_of(done) == {"customer": 4_900, "stripe": 1_000, "friend": BENS + 1_000, "platform": 618, "vat": 117}
    with pytest.raises(TipGiven):
        in_cash(nord, done)
    with pytest.raises(TipGiven):
        tip_page(nord, done)


def test_a_tip_that_comes_after_one_in_cash_goes_back(nord: Tenant, done: Order, ben: Friend, stripe: Stripe) -> None:
    page = tip_page(nord, done)
    in_cash(nord, done)
    stripe.pay(page)
    settle(done)

    assert sent_back(done) == TIP
    assert earned_by(ben, done) == BENS


def test_nobody_tips_before_the_work_and_amounts_have_bounds(nord: Tenant, ben: Friend, stripe: Stripe) -> None:
    order = book(nord, payment={"method": "invoice"})
    bring_on_site(order, ben)
    with pytest.raises(IllegalOrderMove):
        in_cash(nord, order)
    close(order, ben)
    with pytest.raises(TipOutOfRange):
        in_cash(nord, order, 99)
    in_cash(nord, order)


def test_the_orders_own_payment_knows_nothing_of_the_tip(nord: Tenant, ben: Friend, stripe: Stripe) -> None:
    order = paid_by_card(nord, stripe)
    bring_on_site(order, ben)
    close(order, ben)
    stripe.pay(tip_page(nord, order))
    settle(order)
    confirm(nord, order)

    payments = CardPayment.objects.filter(order_id=order.uuid)
    assert {(one.purpose, one.amount_minor) for one in payments} == {(Purpose.ORDER, 4_900), (Purpose.TIP, TIP)}
    assert held_of(order) == {"stripe": 4_900 + TIP, "friend": BENS + TIP, "platform": 618, "vat": 117}


def test_without_cards_a_tip_can_be_noted(nord: Tenant, done: Order, visitor: Client, settings: Settings) -> None:
    settings.STRIPE_KEY = ""

    page = page_of(nord, done, visitor)

    assert "Give a tip by card" not in text_of(page)
    press(visitor, page, "I gave it in cash", {"choice": "1000"})
    with tenant_context(nord):
        assert Tip.objects.get().is_cash
