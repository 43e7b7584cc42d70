"""Each night the books are compared with what Stripe, the banks and the payouts say (R19)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from accounts.models import Kind as UserKind
from accounts.models import User
from crowd.models import Friend
from demo.stripe_stand_in.acts import DISPUTE_FEE
from demo.stripe_stand_in.cards import FEES
from demo.sumup_stand_in.acts import FEE_PERMILLE as SUMUP_PERMILLE
from journeys.money.comparing.reconcile import reconcile_now, reconcile_tonight
from journeys.order.paying.pay_on_site import ask_for_card, on_site
from journeys.tasks import reconcile
from kernel.clock import now
from ledger import chart
from ledger.events import Occasion, card_paid, payout_ordered
from ledger.models import Transaction
from ledger.selectors import balance_of
from ledger.services import About, post
from orders.models import Order
from orders.states import ObjectionOutcome
from payouts.models import Payout
from reconciliation.models import Comparison, Difference, Movement
from reconciliation.states import Kind, Party
from stripe_gateway.errors import UnableToReachStripe
from stripe_gateway.models import CardDispute, StripeEvent
from stripe_gateway.states import DisputeState
from tenants.models import Tenant
from tests.cast import PASSWORD, book, deliver
from tests.money.stories import cancel, close, object_and_settle
from tests.money.stripe import Stripe, stripe_stand_in
from tests.money.sumup import KEY as SUMUP_KEY
from tests.money.sumup import SumUp
from tests.money.test_card import Booking, sweep
from tests.overflow import bring_on_site
from tests.pages import press
from tests.payouts.money import earn, weekly, with_account
from tests.payouts.test_screens import text_of

Cast = dict[str, Friend]
NIGHT = timedelta(hours=15)
PAGE = "/en/operators/reconciliation/"


@pytest.fixture
def stand_in() -> Iterator[Stripe]:
    """Run a stand-in of the test's own: what others have moved would be found there."""
    with stripe_stand_in() as running:
        yield running


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=UserKind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def paid(nord: Tenant, four_near: Cast, visitor: Client, stripe: Stripe) -> Booking:
    """Let Ada book by card and pay."""
    booking = Booking(nord, visitor)
    stripe.pay(booking.page)
    booking.come_back()
    return booking


def tonight(clock: Coordinates, stripe: Stripe | None = None) -> int | None:
    """Let the night come and compare."""
    clock.shift(NIGHT)
    if stripe:
        stripe.control("clock", now=now().timestamp())
    return reconcile_tonight(now=now())


def fee_of(amount: int) -> int:
    permille, fixed = FEES["card"]
    return (amount * permille + 500) // 1000 + fixed


def test_what_agrees_is_no_difference_and_fees_are_booked_once(
    paid: Booking, stripe: Stripe, nord: Tenant, clock: Coordinates
) -> None:
    cancel(nord, paid.order)
    sweep()
    price, currency = paid.order.price_minor, paid.order.currency

    assert tonight(clock, stripe) == 0
    assert tonight(clock, stripe) is None
    clock.shift(timedelta(days=1))
    assert reconcile_tonight(now=now()) == 0

    assert not Difference.objects.exists()
    assert {one.kind for one in Movement.objects.exclude(key="")} == {"charge", "refund"}
    assert balance_of(chart.FEES, currency) == fee_of(price)
    assert balance_of(chart.STRIPE, currency) == -fee_of(price)
    assert Transaction.objects.get(event="fee_charged").order_id == paid.order.uuid


def test_a_dispute_whose_webhooks_were_lost_is_found_with_its_fee(
    paid: Booking, stripe: Stripe, clock: Coordinates, operator_client: Client
) -> None:
    price, currency = paid.order.price_minor, paid.order.currency
    stripe.control("dispute", payment_intent=paid.payment.intent_id)
    assert not StripeEvent.objects.filter(kind__startswith="charge.dispute").exists()

    assert tonight(clock, stripe) == 0
    deliver()

    dispute = CardDispute.objects.get(payment=paid.payment)
    assert balance_of(chart.DISPUTED, currency) == price
    assert balance_of(chart.FEES, currency) == fee_of(price) + DISPUTE_FEE
    assert "A card payment is disputed" in [one.subject for one in mail.outbox]

    stripe.control("decide", dispute=dispute.dispute_id, status="lost")
    clock.shift(timedelta(days=1))
    reconcile_tonight(now=now())

    dispute.refresh_from_db()
    assert dispute.state == DisputeState.LOST
    assert balance_of(chart.DISPUTED, currency) == 0
    assert not Difference.objects.exists()


def test_what_only_one_side_knows_is_named_told_once_and_gone_when_it_is_made_good(
    paid: Booking, stripe: Stripe, nord: Tenant, clock: Coordinates, operator_client: Client
) -> None:
    stranger = stripe.newest("charge")
    movement = stripe.newest("balance_transaction")
    stripe.control("change", kind="balance_transaction", id=movement["id"], fields={"source": stranger["id"]})
    stripe.control("change", kind="charge", id=stranger["id"], fields={"payment_intent": "pi_unknown"})

    assert tonight(clock, stripe) == 2
    deliver()
    clock.shift(timedelta(days=1))
    assert reconcile_tonight(now=now()) == 0
    deliver()

    there, here = Difference.objects.get(kind=Kind.NOT_BOOKED), Difference.objects.get(kind=Kind.ONLY_BOOKED)
    assert (there.amount_minor, here.amount_minor) == (paid.order.price_minor, -paid.order.price_minor)
    assert there.what == f"charge {stranger['id']}"
    assert (here.order_id, here.payment_id, here.since) == (paid.order.uuid, paid.payment.pk, date(2026, 11, 24))
    assert [one.subject for one in mail.outbox].count("Differences found in the nightly reconciliation") == 1

    stripe.control("change", kind="charge", id=stranger["id"], fields={"payment_intent": paid.payment.intent_id})
    Movement.objects.update(payment=paid.payment.intent_id)
    assert reconcile_now(who="Olga", now=now()) == 0
    assert set(Difference.objects.values_list("gone_at", flat=True)) == {now()}


def test_another_amount_is_a_difference_until_somebody_sets_it_aside(
    paid: Booking, stripe: Stripe, clock: Coordinates, operator_client: Client
) -> None:
    movement = stripe.newest("balance_transaction")
    fields = {"amount": movement["amount"] - 100, "fee": 0}
    stripe.control("change", kind="balance_transaction", id=movement["id"], fields=fields)
    assert tonight(clock, stripe) == 1

    page, button = operator_client.get(PAGE), f"Set aside charge {stripe.newest('charge')['id']}"
    refused = press(operator_client, page, button)
    assert "Please say why." in refused.text
    done = press(operator_client, page, button, {"reason": "Stripe corrects it"})

    assert "The difference has been set aside." in done.text
    found = Difference.objects.get()
    assert (found.kind, found.amount_minor, found.set_aside_by) == (Kind.AMOUNT, -100, "olga@quartett.example")
    assert reconcile_now(who="Olga", now=now()) == 0
    assert "Stripe corrects it" in text_of(operator_client, f"{PAGE}?show=aside")
    assert "Nothing waits for a decision" in text_of(operator_client, PAGE)


def test_stripe_pays_out_to_the_bank(paid: Booking, stripe: Stripe, clock: Coordinates) -> None:
    price, currency = paid.order.price_minor, paid.order.currency
    net = price - fee_of(price)
    stripe.control("payout", amount=net, currency=currency.lower())

    assert tonight(clock, stripe) == 0

    assert (balance_of(chart.STRIPE, currency), balance_of(chart.BANK, currency)) == (0, net)


def test_a_comparison_that_dies_goes_on_and_does_nothing_twice(
    paid: Booking, stripe: Stripe, clock: Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = Occasion(act=uuid4(), currency="EUR", on=date(2026, 11, 24), at=now(), about=About(order_id=uuid4()))
    post(card_paid(occasion, provider=chart.STRIPE, tenant_id=1, amount=500))
    stripe.control("dispute", payment_intent=paid.payment.intent_id)
    clock.shift(NIGHT)
    stripe.control("clock", now=now().timestamp())

    def away(*_said: object, **_named: object) -> None:
        raise UnableToReachStripe

    with monkeypatch.context() as broken:
        broken.setattr("journeys.money.comparing.stripe_side.follow_dispute", away)
        with pytest.raises(UnableToReachStripe):
            reconcile()
    assert "UnableToReachStripe" in Comparison.objects.get().last_error
    assert not Difference.objects.exists()

    assert reconcile() == 1
    assert reconcile() is None
    assert Difference.objects.get().subject == f"card_paid:{occasion.act}"
    assert Transaction.objects.filter(event="fee_charged").count() == 2
    assert Comparison.objects.get().last_error == ""


def test_without_a_key_of_stripes_the_rest_is_compared(db: None, clock: Coordinates) -> None:
    assert tonight(clock) == 0
    assert Comparison.objects.get().finished_at == now()


def test_a_payout_that_the_books_do_not_know_is_named(four_near: Cast, clock: Coordinates) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    (payout,) = weekly()
    assert tonight(clock) == 0

    occasion = Occasion(act=uuid4(), currency="EUR", on=date(2026, 11, 25), at=now(), about=About(payout_id=payout.pk))
    post(payout_ordered(occasion, worker=chart.friend(ben), amount=50))
    assert reconcile_now(who="Olga", now=now()) == 1

    found = Difference.objects.get()
    assert (found.party, found.payout_id, found.amount_minor) == (Party.PAYOUTS, payout.pk, -50)
    assert Payout.objects.count() == 1


def test_operators_find_what_waits_first_and_take_the_list_away_safely(
    paid: Booking, stripe: Stripe, clock: Coordinates, operator_client: Client
) -> None:
    fields = {"type": "=evil()", "source": stripe.newest("charge")["id"]}
    movement = stripe.newest("balance_transaction")
    stripe.control("change", kind="balance_transaction", id=movement["id"], fields=fields)
    clock.shift(NIGHT)
    stripe.control("clock", now=now().timestamp())

    page = operator_client.get(PAGE)
    compared = press(operator_client, page, "Compare now")

    shown = re.sub(r"<[^>]+>", " ", compared.text)
    assert "2 differences are new." in shown
    assert str(paid.order.number) in shown
    assert "Nothing matches that." in text_of(operator_client, f"{PAGE}?q=nothing-like-it")
    assert "=evil()" in text_of(operator_client, f"{PAGE}?party=stripe&currency={paid.order.currency}")
    file = press(operator_client, operator_client.get(PAGE), "Download as CSV").text
    assert "'=evil() ch_" in file
    assert "In the books only" in shown


def test_sumup_agrees_with_its_payments_refunds_fees_and_transfers(
    nord: Tenant, four_near: Cast, sumup_port: int, settings: Settings, clock: Coordinates
) -> None:
    sumup = SumUp(sumup_port)
    settings.SUMUP_KEY, settings.SUMUP_API = SUMUP_KEY, sumup.address
    settings.SUMUP_MERCHANTS = {"EUR": sumup.merchant}
    sumup.control("clock", now=now().timestamp())
    ben = four_near["Ben"]
    kept, returned = (paid_on_site(nord, ben, sumup) for _each in range(2))
    object_and_settle(nord, returned, ObjectionOutcome.REFUND)
    sweep()
    price = kept.price_minor

    clock.shift(NIGHT)
    sumup.control("clock", now=now().timestamp())
    assert reconcile_tonight(now=now()) == 0
    assert balance_of(chart.SUMUP, "EUR") == price

    for _night in range(2):
        clock.shift(timedelta(days=1))
        sumup.control("clock", now=now().timestamp())
        assert reconcile_tonight(now=now()) == 0

    assert not Difference.objects.exists()
    assert balance_of(chart.FEES, "EUR") == 2 * sumup_fee(price)
    assert balance_of(chart.SUMUP, "EUR") == 0
    assert balance_of(chart.BANK, "EUR") == price - 2 * sumup_fee(price)
    assert {one.kind for one in Movement.objects.exclude(key="")} == {"PAYMENT", "REFUND", "FEE", "PAYOUT"}


def test_what_sumup_has_and_the_books_have_not_is_a_difference(
    nord: Tenant, four_near: Cast, sumup_port: int, settings: Settings, clock: Coordinates
) -> None:
    sumup = SumUp(sumup_port)
    settings.SUMUP_KEY, settings.SUMUP_API = SUMUP_KEY, sumup.address
    settings.SUMUP_MERCHANTS = {"EUR": sumup.merchant}
    sumup.control("clock", now=now().timestamp())
    order = paid_on_site(nord, four_near["Ben"], sumup)
    (known,) = sumup.every("transaction")
    stranger = known | {"id": "stranger", "transaction_code": "TSTRANGER", "amount": 10.0}
    sumup.control("keep", kind="transaction", body=stranger)

    clock.shift(NIGHT)
    assert reconcile_tonight(now=now()) == 1

    found = Difference.objects.get()
    assert (found.party, found.kind, found.amount_minor, found.subject) == ("sumup", Kind.NOT_BOOKED, 1_000, "stranger")
    assert order.uuid != found.order_id


def paid_on_site(nord: Tenant, ben: Friend, sumup: SumUp) -> Order:
    """Return an order that was paid by card at SumUp when the work was done."""
    order = book(nord, payment={"method": "card_on_site"})
    bring_on_site(order, ben)
    close(order, ben)
    ask_for_card(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    sumup.pay(sumup.every("checkout")[-1]["hosted_checkout_url"])
    on_site(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    return order


def sumup_fee(amount: int) -> int:
    return round(round(amount / 100 * SUMUP_PERMILLE["ECOM"] / 1000, 2) * 100)
