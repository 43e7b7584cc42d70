"""A customer has a payment on site taken back by their bank: at SumUp that is a charge-back (R19)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client

from crowd.models import Friend
from journeys.money.books import book_dispute
from journeys.money.comparing.reconcile import reconcile_now
from journeys.order.paying.pay_by_card import look_after
from kernel.clock import now
from ledger import chart
from ledger.selectors import balance_of
from orders.models import Order
from orders.states import ObjectionOutcome
from reconciliation.models import Difference
from stripe_gateway.models import CardDispute, CardPayment, CardRefund
from stripe_gateway.states import DisputeState, RefundState
from tenants.context import platform_context
from tenants.models import Tenant
from tests.billing.papers import text_of as text_of_pdf
from tests.cast import Cast, book, deliver
from tests.money.held import assert_balance, earned_by, events_of, held_of
from tests.money.stories import close, confirm, object_and_settle
from tests.money.sumup import SumUp
from tests.overflow import bring_on_site
from tests.pages import assert_valid_html, press, text_of

PRICE = 4_900
CHARGED_BACK = "4000 0000 0000 0259"
DESK = "/en/operators/payments/"


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


def pay(order: Order, sumup: SumUp, friend_client: Client, number: str = CHARGED_BACK) -> CardPayment:
    """Let Ada pay on the page behind the code."""
    path = f"/en/jobs/{order.placed_job_id}/pay/"
    press(friend_client, friend_client.get(path), "Card: show the code")
    sumup.pay(sumup.every("checkout")[-1]["hosted_checkout_url"], number)
    friend_client.get(path, headers={"hx-request": "true"})
    return CardPayment.objects.get(order_id=order.uuid)


@pytest.fixture
def charged_back(nord: Tenant, done: Order, sumup: SumUp, friend_client: Client) -> CardPayment:
    """Return what Ada has paid and then had taken back; the work is confirmed."""
    payment = pay(done, sumup, friend_client)
    confirm(nord, done)
    deliver()
    return payment


def next_day(clock: time_machine.Coordinates, sumup: SumUp) -> list[str]:
    """Let a day go by and compare; return what the new differences are."""
    clock.shift(timedelta(days=1))
    sumup.control("clock", now=now().timestamp())
    reconcile_now(who="Olga", now=now())
    return [f"{one}: {one.what}" for one in Difference.objects.filter(found_at=now())]


def held(name: chart.AccountName) -> int:
    with platform_context():
        return balance_of(name, "EUR")


def test_a_charge_back_is_frozen_named_on_the_desk_and_no_difference(
    charged_back: CardPayment,
    done: Order,
    ben: Friend,
    sumup: SumUp,
    clock: time_machine.Coordinates,
    operator_client: Client,
) -> None:
    assert next_day(clock, sumup) == []
    assert next_day(clock, sumup) == []

    dispute = CardDispute.objects.get(payment=charged_back)
    assert (dispute.state, dispute.amount_minor, dispute.is_charge_back) == (DisputeState.OPEN, PRICE, True)
    assert not Difference.objects.exists()
    assert held(chart.DISPUTED) == PRICE
    assert earned_by(ben, done) == 4_165
    deliver()
    (told,) = [one for one in mail.outbox if one.subject == "A card payment is disputed"]
    assert "submit it to SumUp" in told.body
    page = press(operator_client, operator_client.get(DESK), dispute.payment.title)
    assert_valid_html(page)
    assert "Charge-back at SumUp" in text_of(page)
    assert "Give the dispute up" not in text_of(page)
    assert "Send the record to the bank" not in text_of(page)


def test_an_operator_takes_the_record_for_sumup_and_the_bank_decides_for_us(
    charged_back: CardPayment, done: Order, sumup: SumUp, clock: time_machine.Coordinates, operator_client: Client
) -> None:
    next_day(clock, sumup)
    dispute = CardDispute.objects.get()
    path = f"{DESK}disputes/{dispute.pk}/"

    taken = press(operator_client, operator_client.get(path), "Download the record as PDF")

    assert taken["Content-Type"] == "application/pdf"
    assert str(done.number) in text_of_pdf(taken.content)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.answered_by) == (DisputeState.ANSWERED, "olga@quartett.example")
    assert next_day(clock, sumup) == []
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.ANSWERED

    sumup.control("decide-charge-back", id=charged_back.intent_id, status="FAILED")
    assert next_day(clock, sumup) == []
    assert next_day(clock, sumup) == []

    dispute.refresh_from_db()
    assert dispute.state == DisputeState.WON
    assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == (0, 0)
    assert events_of(done)[-1] == "dispute_won"
    assert not Difference.objects.exists()
    assert "A dispute was won" in [one.subject for one in deliver()]
    # All that SumUp had has gone to the bank, less what it has kept.
    assert held(chart.SUMUP) == 0
    assert "Download the record as PDF" not in text_of(operator_client.get(path))
    assert operator_client.post(f"{path}record/").status_code == 302


@pytest.mark.parametrize("sent", ["answer/", "accept/"])
def test_nothing_is_sent_to_a_bank_from_here(
    charged_back: CardPayment, sumup: SumUp, clock: time_machine.Coordinates, operator_client: Client, sent: str
) -> None:
    next_day(clock, sumup)
    dispute = CardDispute.objects.get()

    refused = operator_client.post(f"{DESK}disputes/{dispute.pk}/{sent}", {"sure": "on"}, follow=True)

    assert "SumUp accepts answers only on its own pages" in text_of(refused)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.answered_by, dispute.accepted_by) == (DisputeState.OPEN, "", "")


def test_a_lost_one_is_borne_by_the_guarantee_and_comes_back_after_all(
    charged_back: CardPayment, done: Order, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates
) -> None:
    next_day(clock, sumup)
    sumup.control("decide-charge-back", id=charged_back.intent_id, status="SUCCESSFUL")
    assert next_day(clock, sumup) == []

    dispute = CardDispute.objects.get()
    assert dispute.state == DisputeState.LOST
    assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == (0, PRICE)
    assert earned_by(ben, done) == 4_165

    sumup.control("decide-charge-back", id=charged_back.intent_id, status="FAILED")
    assert next_day(clock, sumup) == []

    dispute.refresh_from_db()
    assert dispute.state == DisputeState.WON
    assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == (0, 0)
    assert not Difference.objects.exists()


def test_a_bank_may_change_its_mind_as_often_as_it_likes(
    charged_back: CardPayment, sumup: SumUp, clock: time_machine.Coordinates, nord: Tenant
) -> None:
    next_day(clock, sumup)
    dispute = CardDispute.objects.get()
    stood = {DisputeState.WON: (0, 0), DisputeState.LOST: (0, PRICE)}

    for state in (DisputeState.WON, DisputeState.LOST, DisputeState.LOST, DisputeState.WON, DisputeState.LOST):
        dispute.state = state
        book_dispute(dispute=dispute, tenant=nord, now=now())
        assert (held(chart.DISPUTED), held(chart.GUARANTEE)) == stood[state]

    assert_balance()


def test_a_refund_waits_for_the_bank_and_is_not_made_twice(
    nord: Tenant,
    done: Order,
    sumup: SumUp,
    clock: time_machine.Coordinates,
    friend_client: Client,
) -> None:
    payment = pay(done, sumup, friend_client)
    next_day(clock, sumup)
    object_and_settle(nord, done, ObjectionOutcome.REFUND)
    look_after(payment.pk, now=now())
    assert CardRefund.objects.get().state == RefundState.ASKED

    sumup.control("decide-charge-back", id=payment.intent_id, status="SUCCESSFUL")
    next_day(clock, sumup)
    look_after(payment.pk, now=now())

    assert CardRefund.objects.get().state == RefundState.BY_BANK
    assert sumup.every("refund") == []
    assert held_of(done).get("customer", 0) == 0


def test_one_that_failed_before_anybody_heard_of_it_moves_nothing(
    nord: Tenant, done: Order, sumup: SumUp, clock: time_machine.Coordinates, friend_client: Client
) -> None:
    payment = pay(done, sumup, friend_client, "4242 4242 4242 4242")
    confirm(nord, done)
    sumup.control("charge-back", id=payment.intent_id, status="FAILED")

    assert next_day(clock, sumup) == []

    assert not CardDispute.objects.exists()
    assert held(chart.DISPUTED) == 0


def test_one_of_a_payment_that_nobody_knows_is_a_difference_by_name(
    charged_back: CardPayment, sumup: SumUp, clock: time_machine.Coordinates
) -> None:
    CardPayment.objects.update(intent_id=f"unknown-{uuid4()}")

    next_day(clock, sumup)

    assert not CardDispute.objects.exists()
    assert "CHARGE_BACK" in " ".join(Difference.objects.values_list("what", flat=True))
