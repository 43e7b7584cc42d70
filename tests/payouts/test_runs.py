"""A run pays everybody once, sets cash off first, and says of all others why they wait (R19)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from time_machine import Coordinates

from journeys.money.payouts.pay_out import (
    carry_out_runs,
    confirm_file,
    hold_payouts,
    lift_hold,
    order_part,
    refuse_payout,
)
from kernel.clock import now
from ledger import chart
from ledger.models import Entry, Transaction
from ledger.selectors import balance_of
from payouts.errors import HeldAlready, NoBankAccount, ReasonIsMissing, RunIsOpen, UnableToRefuse
from payouts.models import BankAccount, Line, Payout, Run, Waiting
from payouts.selectors import alarms, standings, unconfirmed, waiting
from payouts.services import PART, note_all_waiting, order_some, start_due_runs, start_run
from payouts.states import PayoutState, Reason
from tests.cast import Cast, deliver
from tests.ledger.books import BEN, CEM, settle_constraints
from tests.payouts.money import (
    FOREVER,
    GERMAN,
    MONDAY,
    SWISS,
    TODAY,
    earn,
    owed,
    run_now,
    under_way,
    weekly,
    with_account,
)


def reasons() -> dict[Any, str]:
    return dict(Waiting.objects.values_list("friend_id", "reason"))


def test_the_weekly_run_pays_what_the_books_owe_and_books_it(db: None) -> None:
    with_account(BEN)
    earn(BEN)
    earn(BEN, as_pro=True)

    [payout] = weekly()

    settle_constraints()
    assert (payout.amount_minor, payout.friend_minor, payout.pro_minor) == (15_840, 7_920, 7_920)
    assert (payout.state, payout.file_number, payout.account.iban) == (PayoutState.ORDERED, 1, GERMAN)  # type: ignore[union-attr]  # it moves money
    assert (owed(BEN), under_way()) == (0, 15_840)
    assert {one.payout_id for one in Transaction.objects.filter(event="payout_ordered")} == {payout.pk}
    run = payout.run
    assert (run.due_on, run.asked_by, run.payouts_count, run.total_minor) == (MONDAY, "", 1, 15_840)
    assert run.finished_at == now()


def test_a_second_run_finds_nothing_and_next_week_pays_what_is_new(db: None, clock: Coordinates) -> None:
    with_account(BEN)
    earn(BEN)
    assert len(weekly()) == 1

    assert weekly() == []
    assert run_now().payouts_count == 0
    clock.shift(timedelta(days=7))
    earn(BEN, on=TODAY + timedelta(days=7), price=4_900)
    [second] = weekly()

    assert second.amount_minor == 3_920
    assert (owed(BEN), under_way()) == (0, 7_920 + 3_920)


def test_cash_is_set_off_first_and_the_rest_is_a_debt_that_the_next_payout_takes(db: None, clock: Coordinates) -> None:
    with_account(BEN)
    earn(BEN, in_cash=True)

    [set_off] = weekly()

    settle_constraints()
    assert (set_off.state, set_off.amount_minor, set_off.netted_minor) == (PayoutState.SET_OFF, 0, 7_920)
    assert balance_of(chart.cash_of(BEN), "EUR") == 1_980
    assert (owed(BEN), under_way(), set_off.run.payouts_count) == (-1_980, 0, 0)
    clock.shift(timedelta(days=7))
    earn(BEN, on=TODAY + timedelta(days=7))
    [payout] = weekly()
    assert (payout.amount_minor, payout.netted_minor) == (7_920 - 1_980, 1_980)
    assert (owed(BEN), balance_of(chart.cash_of(BEN), "EUR")) == (0, 0)


def test_each_currency_has_a_run_of_its_own(db: None) -> None:
    with_account(BEN, SWISS)
    earn(BEN)
    earn(BEN, currency="CHF")

    assert {(one.currency, one.amount_minor) for one in weekly()} == {("EUR", 7_920), ("CHF", 7_920)}
    assert set(Run.objects.values_list("currency", "due_on")) == {(one, MONDAY) for one in ("CHF", "EUR", "PLN")}


def test_who_is_not_paid_waits_with_a_reason_and_loses_nothing(db: None) -> None:
    dana, emil, finn = (chart.friend(BEN).id_in(one) for one in ("CHF", "EUR", "PLN"))
    earn(BEN)
    earn(CEM)
    with_account(CEM)
    hold_payouts_of(CEM)
    earn(dana, price=1_000)
    with_account(dana)
    earn(emil, currency="CHF")
    with_account(emil)
    earn(finn)
    with_account(finn)

    assert [one.friend_id for one in weekly()] == [finn]

    assert reasons() == {
        BEN: Reason.NO_ACCOUNT, CEM: Reason.HELD, dana: Reason.SMALL, emil: Reason.OTHER_CURRENCY,
    }  # fmt: skip
    assert owed(BEN) == owed(CEM) == 7_920
    with_account(BEN)
    with_account(emil, SWISS)
    assert reasons()[BEN] == Reason.NEXT_RUN
    run_now()
    run_now("CHF")
    assert (owed(BEN), owed(emil, "CHF")) == (0, 0)
    assert set(reasons()) == {CEM, dana}


def hold_payouts_of(friend_id: Any, reason: str = "We are looking into a complaint.") -> None:
    hold_payouts(friend_id=friend_id, reason=reason, who="Olga", now=now())


def test_a_small_amount_waits_for_more_but_not_longer_than_is_promised(db: None, clock: Coordinates) -> None:
    with_account(BEN)
    earn(BEN, price=1_000)
    assert weekly() == []

    clock.shift(timedelta(days=15))

    assert [one.amount_minor for one in weekly()] == [800]


def test_an_operator_pays_one_friend_and_nobody_else(db: None) -> None:
    carry_out_runs(now=now(), budget_s=FOREVER)
    for friend in (BEN, CEM):
        with_account(friend)
        earn(friend)

    run = run_now(friend_id=CEM)

    assert (run.asked_by, run.payouts_count) == ("Olga", 1)
    assert (owed(BEN), owed(CEM)) == (7_920, 0)


def test_of_a_currency_one_run_is_open_and_a_pay_day_has_one(db: None) -> None:
    start_run(currency="EUR", who="Olga", now=now())

    with pytest.raises(RunIsOpen):
        start_run(currency="EUR", who="Otto", now=now())
    assert {run.currency for run in start_due_runs(now=now())} == {"CHF", "PLN"}
    carry_out_runs(now=now(), budget_s=FOREVER)
    carry_out_runs(now=now(), budget_s=FOREVER)
    assert Run.objects.filter(due_on=MONDAY).count() == 3
    with pytest.raises(RunIsOpen):
        start_run(currency="EUR", who="", now=now(), due_on=MONDAY)


def test_nothing_is_begun_where_nobody_said_from_which_account(db: None) -> None:
    with override_settings(PAYOUT_ACCOUNTS={}):
        assert start_due_runs(now=now()) == []
        with pytest.raises(NoBankAccount):
            start_run(currency="EUR", who="Olga", now=now())


def test_the_database_refuses_to_pay_a_friend_or_an_entry_twice(db: None) -> None:
    with_account(BEN)
    earn(BEN)
    [payout] = weekly()
    line = payout.lines.first()
    assert line is not None

    for make, constraint in (
        (lambda: Line.objects.bulk_create([Line(payout=payout, entry_id=line.entry_id)]), "payouts_line_pkey"),
        (lambda: Payout.objects.bulk_create([copy_of(payout)]), "payouts_once_a_run"),
        (lambda: Payout.objects.filter(pk=payout.pk).update(amount_minor=1), "payouts_parts_add_up"),
        (lambda: Payout.objects.filter(pk=payout.pk).update(account=None), "payouts_moves_money_or_none"),
        (lambda: Payout.objects.filter(pk=payout.pk).update(state="refused"), "payouts_refused_with_reason"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            make()


def copy_of(payout: Payout) -> Payout:
    names = [field.attname for field in Payout._meta.concrete_fields if field.name != "id"]
    return Payout(**{name: getattr(payout, name) for name in names})


def test_a_run_goes_on_after_the_last_part_that_was_done(db: None) -> None:
    friends = sorted((chart.friend(BEN).id_in(f"{place}") for place in range(7)), key=str)
    for friend in friends:
        with_account(friend)
        earn(friend)
    run = start_run(currency="EUR", who="Olga", now=now())

    assert [one.friend_id for one in order_some(run_id=run.pk, now=now(), most=3) or []] == friends[:3]
    run.refresh_from_db()
    assert (run.after, run.payouts_count, run.finished_at) == (friends[2], 3, None)
    carry_out_runs(now=now(), budget_s=FOREVER)

    assert list(run.payouts.order_by("friend_id").values_list("friend_id", flat=True)) == friends
    assert order_part(run_id=run.pk, now=now()) is None
    assert PART > 3


def test_each_entry_of_the_books_is_in_one_payout_and_they_add_up(db: None, clock: Coordinates) -> None:
    with_account(BEN)
    for week in range(3):
        earn(BEN, in_cash=week == 1, on=TODAY + timedelta(days=7 * week))
        weekly()
        clock.shift(timedelta(days=7))

    of_ben = Entry.objects.filter(account__friend_id=BEN)
    assert of_ben.filter(payout_line=None).count() == 0
    assert sum(-one.amount_minor for one in of_ben) == owed(BEN)


# --- What the bank says ------------------------------------------------------------------------------------


def test_the_bank_confirms_and_the_friend_hears_of_both(four_near: Cast) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    deliver()
    [payout] = weekly()
    assert [mail.subject for mail in deliver()] == ["Your payout of €79.20 has been ordered"]

    assert confirm_file(run_id=payout.run_id, file_number=1, who="Olga", now=now()) == 1

    settle_constraints()
    payout.refresh_from_db()
    assert (payout.state, payout.settled_by) == (PayoutState.CONFIRMED, "Olga")
    assert (under_way(), balance_of(chart.BANK, "EUR")) == (0, -7_920)
    assert confirm_file(run_id=payout.run_id, file_number=1, who="Olga", now=now()) == 0
    assert [mail.subject for mail in deliver()] == ["€79.20 have been paid"]


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_what_the_bank_refuses_or_sends_back_is_the_friends_again_until_the_account_is_entered_anew(
    four_near: Cast, clock: Coordinates, is_confirmed: bool
) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    earn(ben, as_pro=True)
    [payout] = weekly()
    if is_confirmed:
        confirm_file(run_id=payout.run_id, file_number=1, who="Olga", now=now())
    deliver()

    refuse_payout(payout_id=payout.pk, reason="Account closed", who="Olga", now=now())

    settle_constraints()
    payout.refresh_from_db()
    assert payout.state == (PayoutState.RETURNED if is_confirmed else PayoutState.REFUSED)
    assert (owed(ben), under_way(), balance_of(chart.BANK, "EUR")) == (15_840, 0, 0)
    assert balance_of(chart.pro(ben), "EUR") == 7_920
    [mail] = deliver()
    assert "Account closed" in mail.body
    [waits] = standings([ben], today=TODAY)
    assert (waits.reason, waits.why, waits.since) == (Reason.REFUSED, "Account closed", TODAY)
    with pytest.raises(UnableToRefuse):
        refuse_payout(payout_id=payout.pk, reason="Again", who="Olga", now=now())
    clock.shift(timedelta(days=7))
    assert weekly() == []
    with_account(ben)
    assert run_now().total_minor == 15_840
    assert BankAccount.objects.filter(friend_id=ben).count() == 2


def test_a_refusal_and_a_hold_need_a_reason_and_the_friend_reads_it(four_near: Cast) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    for act in (
        lambda: hold_payouts_of(ben, "  "),
        lambda: refuse_payout(payout_id=ben, reason="", who="Olga", now=now()),
    ):
        with pytest.raises(ReasonIsMissing):
            act()
    deliver()

    hold_payouts_of(ben)

    assert weekly() == []
    assert "We are looking into a complaint." in deliver()[0].body
    with pytest.raises(HeldAlready):
        hold_payouts_of(ben)
    lift_hold(friend_id=ben, who="Olga", now=now())
    assert [mail.subject for mail in deliver()] == ["Your payouts continue"]
    assert run_now().total_minor == 7_920


# --- The alarm ---------------------------------------------------------------------------------------------


@override_settings(PAYOUT_PROMISED_DAYS=10_000)
def test_money_that_is_unpaid_after_the_promised_days_is_an_alarm_that_no_setting_silences(
    db: None, clock: Coordinates
) -> None:
    earn(BEN)
    weekly()
    assert alarms(TODAY) == 0

    clock.shift(timedelta(days=32))
    note_all_waiting(now=now())

    [late] = waiting(overdue_on=now().date())
    assert (late.friend_id, late.amount_minor, late.reason, late.since) == (BEN, 7_920, Reason.NO_ACCOUNT, TODAY)
    assert alarms(now().date()) == 1


def test_the_alarm_rings_for_what_the_bank_never_confirmed_and_as_long_ago_as_it_was_earned(
    db: None, clock: Coordinates
) -> None:
    with_account(BEN)
    earn(BEN, on=TODAY - timedelta(days=10))
    [payout] = weekly()
    assert alarms(TODAY) == 0

    clock.shift(timedelta(days=5))

    assert list(unconfirmed(now().date())) == [payout]
    refuse_payout(payout_id=payout.pk, reason="Account closed", who="Olga", now=now())
    [late] = waiting(overdue_on=now().date())
    assert late.since == TODAY - timedelta(days=10)
    with_account(BEN)
    run_now()
    assert not Waiting.objects.exists()
