"""Payouts to friends' accounts at Stripe: made once whatever dies, refused, taken back, and reconciled (R19)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from time_machine import Coordinates

from journeys.money.comparing.reconcile import reconcile_now
from journeys.money.payouts import transfers
from journeys.money.payouts.pay_out import carry_out_runs
from kernel.clock import now
from ledger import chart
from ledger.models import Transaction
from ledger.selectors import balance_of
from payouts.models import Payout, Waiting
from payouts.selectors import off_the_books
from payouts.states import PayoutState, Reason
from reconciliation.models import Movement
from stripe_gateway.client import RETRIES
from stripe_gateway.selectors import connect_account_of
from tests.cast import Cast, deliver
from tests.ledger.books import BEN, CEM, settle_constraints
from tests.money.accounts import with_stripe
from tests.money.stripe import Stripe
from tests.pages import assert_valid_html, press, text_of
from tests.payouts.money import FOREVER, TODAY, earn, owed, under_way, weekly, with_account

DESK = "/en/operators/payouts/"


@pytest.fixture
def ben(db: None, stripe: Stripe) -> UUID:
    """Return Ben, who is owed EUR 79.20 as a friend and as much as a pro, and has an account at Stripe."""
    with_stripe(stripe, BEN)
    earn(BEN)
    earn(BEN, as_pro=True)
    return BEN


def made_for(stripe: Stripe, payout: Payout) -> list[dict[str, Any]]:
    """Return the transfers of a payout that Stripe has made."""
    return [one for one in stripe.every("transfer") if one["transfer_group"] == str(payout.pk)]


def test_a_run_pays_by_transfer_who_has_an_account_and_all_others_by_file(ben: UUID, stripe: Stripe) -> None:
    with_account(BEN)
    with_account(CEM)
    earn(CEM)

    by_transfer, by_file = sorted(weekly(), key=lambda one: one.friend_id != BEN)

    settle_constraints()
    by_transfer.refresh_from_db()
    assert (by_transfer.state, by_transfer.file_number, by_transfer.account) == (PayoutState.CONFIRMED, None, None)
    assert (by_file.state, by_file.file_number) == (PayoutState.ORDERED, 1)
    [sent] = made_for(stripe, by_transfer)
    assert (sent["amount"], sent["currency"]) == (15_840, "eur")
    assert (owed(BEN), balance_of(chart.STRIPE, "EUR"), under_way()) == (0, -15_840, 7_920)
    assert off_the_books() == []
    assert weekly() == []


def test_friend_and_operators_see_by_which_way_it_went(
    friend_client: Client, four_near: Cast, operator_client: Client, stripe: Stripe
) -> None:
    ben = four_near["Ben"].pk
    account = with_stripe(stripe, ben)
    earn(ben)
    deliver()

    [payout] = weekly()

    [mail] = deliver()
    assert mail.subject == "€79.20 have been paid"
    assert "in your Stripe account" in mail.body
    page = friend_client.get(f"/en/payouts/{payout.pk}/")
    assert_valid_html(page)
    assert f"To the account Stripe … {str(account.account_id)[-4:]}" in text_of(page)
    runs = operator_client.get(f"{DESK}runs/?q=Ben&currency=EUR")
    assert_valid_html(runs)
    run = press(operator_client, runs, runs_link(runs.content.decode()))
    assert_valid_html(run)
    assert "Transfers to Stripe accounts 1 payout · €79.20 Stripe is done with them." in text_of(run)
    assert "Nothing matches that." in text_of(operator_client.get(f"{DESK}runs/?q=Cem"))
    assert str(payout.run_id) in operator_client.get(f"{DESK}runs/csv/?q=Ben").content.decode()


def runs_link(html: str) -> str:
    """Return the words of the first run's link."""
    return html.partition("/runs/")[2].partition('<h2 class="h3">')[2].partition(">")[2].partition("<")[0]


def test_an_answer_that_gets_lost_pays_nobody_twice_even_when_stripe_has_forgotten_the_key(
    ben: UUID, stripe: Stripe, clock: Coordinates
) -> None:
    stripe.control("lose-answer", path="/v1/transfers", times=RETRIES + 1)
    [payout] = weekly()
    assert payout.state == PayoutState.ORDERED
    assert len(made_for(stripe, payout)) == 1
    assert balance_of(chart.STRIPE, "EUR") == 0

    stripe.control("forget-keys")
    clock.shift(timedelta(days=2))
    carry_out_runs(now=now(), budget_s=FOREVER)

    payout.refresh_from_db()
    assert payout.state == PayoutState.CONFIRMED
    assert len(made_for(stripe, payout)) == 1
    assert balance_of(chart.STRIPE, "EUR") == -15_840


def test_who_dies_between_stripe_and_the_books_has_paid_once(
    ben: UUID, stripe: Stripe, clock: Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_said: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(transfers.payouts, "note_made", die)
        with pytest.raises(KeyboardInterrupt):
            weekly()
    payout = Payout.objects.get()
    assert (payout.state, len(made_for(stripe, payout))) == (PayoutState.ORDERED, 1)

    clock.shift(timedelta(minutes=1))
    carry_out_runs(now=now(), budget_s=FOREVER)

    payout.refresh_from_db()
    assert (payout.state, len(made_for(stripe, payout))) == (PayoutState.CONFIRMED, 1)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("balance", "Our balance at Stripe was too low for it."),
        ("wants", "The Stripe account could not take it."),
        ("closed", "The Stripe account could not take it."),
    ],
)
def test_what_stripe_refuses_stays_the_friends_and_says_why(
    ben: UUID, stripe: Stripe, reason: str, words: str, clock: Coordinates
) -> None:
    account = connect_account_of(BEN)
    assert account is not None
    if reason == "balance":
        stripe.control("available", amounts={"eur": 100})
    elif reason == "wants":
        stripe.control("want", account=account.account_id, more=["individual.id_number"])
    else:
        stripe.control("close-account", account=account.account_id)

    [payout] = weekly()

    stripe.control("available", amounts={})
    payout.refresh_from_db()
    settle_constraints()
    assert (payout.state, payout.why) == (PayoutState.REFUSED, words)
    assert (owed(BEN), under_way(), balance_of(chart.STRIPE, "EUR")) == (15_840, 0, 0)
    expected = {"balance": Reason.NEXT_RUN, "wants": Reason.CONNECT, "closed": Reason.NO_ACCOUNT}[reason]
    assert Waiting.objects.get(friend_id=BEN).reason == expected
    assert made_for(stripe, payout) == []
    if reason == "balance":
        clock.shift(timedelta(days=7))
        [again] = weekly()
        again.refresh_from_db()
        assert (again.state, again.earned_since) == (PayoutState.CONFIRMED, TODAY)


@pytest.mark.parametrize("wrong", [{"amount": 100}, {"currency": "pln"}, {"destination": "acct_of_another"}])
def test_an_answer_that_is_not_what_was_asked_for_books_nothing(
    ben: UUID, stripe: Stripe, clock: Coordinates, wrong: dict[str, object]
) -> None:
    stripe.control("lose-answer", path="/v1/transfers", times=RETRIES + 1)
    [payout] = weekly()
    [sent] = made_for(stripe, payout)
    stripe.control("change", kind="transfer", id=sent["id"], fields=wrong)

    clock.shift(timedelta(hours=1))
    carry_out_runs(now=now(), budget_s=FOREVER)

    payout.refresh_from_db()
    assert (payout.state, payout.transfer.look_at) == (PayoutState.ORDERED, None)
    assert "was asked for" in payout.transfer.last_error
    assert not Transaction.objects.filter(event="payout_transferred").exists()
    assert len(made_for(stripe, payout)) == 1


def test_an_operator_takes_a_transfer_back_and_the_next_run_pays_it(
    ben: UUID, stripe: Stripe, operator_client: Client, clock: Coordinates
) -> None:
    [payout] = weekly()
    page = operator_client.get(f"{DESK}all/{payout.pk}/")
    assert_valid_html(page)
    assert "Mark as refused" not in text_of(page)
    said = text_of(operator_client.post(f"{DESK}all/{payout.pk}/back/", {"reason": ""}, follow=True))
    assert "Please say why." in said

    back = operator_client.post(f"{DESK}all/{payout.pk}/back/", {"reason": "It was another Ben's."}, follow=True)

    assert "The transfer has come back." in text_of(back)
    payout.refresh_from_db()
    settle_constraints()
    assert (payout.state, payout.why, payout.settled_by) == (
        PayoutState.RETURNED,
        "It was another Ben's.",
        "olga@quartett.example",
    )
    assert made_for(stripe, payout)[0]["amount_reversed"] == 15_840
    assert (owed(BEN), under_way(), balance_of(chart.STRIPE, "EUR")) == (15_840, 0, 0)
    again = operator_client.post(f"{DESK}all/{payout.pk}/back/", {"reason": "Once more."}, follow=True)
    assert "can't be marked as refused any more" in text_of(again)
    clock.shift(timedelta(days=7))
    [second] = weekly()
    second.refresh_from_db()
    assert (second.state, second.amount_minor) == (PayoutState.CONFIRMED, 15_840)


def test_transfers_and_what_comes_back_agree_with_stripe(ben: UUID, stripe: Stripe, clock: Coordinates) -> None:
    [payout] = weekly()
    transfers.take_back_transfer(payout_id=payout.pk, reason="Wrong", who="Olga", now=now())
    clock.shift(timedelta(hours=3))
    stripe.control("clock", now=now().timestamp())

    reconcile_now(who="Olga", now=now())

    name = made_for(stripe, payout)[0]["id"]
    made = Movement.objects.get(source=name)
    assert (made.kind, made.key, made.off_minor) == ("transfer", f"payout_transferred:{payout.pk}", 0)
    back = Movement.objects.get(payment=name)
    assert (back.kind, back.key[:9], back.off_minor) == ("transfer_refund", "reversal:", 0)
