"""A run pays nobody twice, however many carry it out and whichever of them is killed (R19)."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from journeys.money.payouts.pay_out import carry_out_runs, confirm_file, refuse_payout
from kernel.clock import now
from ledger import chart
from ledger.events import Occasion, payout_ordered
from ledger.models import Entry
from ledger.selectors import balance_of
from ledger.services import About, post
from payouts import services
from payouts.errors import RunIsOpen, UnableToRefuse
from payouts.models import BankAccount, Line, Payout, Run
from payouts.selectors import standings
from payouts.services import enter_account, order_some, start_run
from payouts.states import PayoutState
from tenants.selectors import tenant_by_slug
from tests.databases import forget_committed
from tests.payouts.money import FOREVER, GERMAN, SWISS, TODAY, earn, owed, under_way, with_account
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race
RIVALS, FRIENDS, AT_ONCE = 8, 24, 3


@pytest.fixture
def friends(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[UUID]]:
    """Return friends with money and accounts that threads and processes see; they are taken away afterwards."""
    with django_db_blocker.unblock():
        made = sorted(uuid4() for _friend in range(FRIENDS))
        for one in made:
            with_account(one)
            earn(one)
        yield made
        forget_committed(tenant_by_slug("nord"))


def a_run() -> Run:
    return start_run(currency="EUR", who="Olga", now=now())


def to_the_end(run_id: UUID) -> int:
    """Carry a run out, few friends at a time, and return how many payouts this rival ordered."""
    ordered = 0
    while (part := order_some(run_id=run_id, now=now(), most=AT_ONCE)) is not None:
        ordered += len(part)
    return ordered


def assert_each_paid_once(friends: list[UUID]) -> None:
    assert sorted(Payout.objects.values_list("friend_id", flat=True)) == friends
    assert under_way() == FRIENDS * 7_920
    assert {owed(one) for one in friends} == {0}
    assert Line.objects.count() == Entry.objects.filter(account__friend_id__isnull=False).count()


def test_many_who_carry_out_the_same_run_share_it(friends: list[UUID]) -> None:
    run = a_run()

    results = in_threads(RIVALS, lambda _place: to_the_end(run.pk))

    assert sum(results) == FRIENDS
    assert_each_paid_once(friends)
    run.refresh_from_db()
    assert (run.payouts_count, run.total_minor, run.finished_at is None) == (FRIENDS, FRIENDS * 7_920, False)


def test_of_many_who_begin_one_begins(friends: list[UUID]) -> None:
    results = in_threads(RIVALS, lambda _place: a_run())

    assert sorted(type(one).__name__ for one in results) == ["Run", *["RunIsOpen"] * (RIVALS - 1)]
    assert RunIsOpen in {type(one) for one in results}
    carry_out_runs(now=now(), budget_s=FOREVER)
    assert_each_paid_once(friends)


@pytest.mark.parametrize("step", ["standings", "_payout", "_book", "_note", "post"])
def test_killed_in_the_middle_the_run_goes_on_and_pays_each_once(
    friends: list[UUID], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    run = a_run()
    order_some(run_id=run.pk, now=now(), most=AT_ONCE)
    connection.close()
    context = multiprocessing.get_context("fork")
    reached = context.Event()
    true_step: Callable[..., Any] = getattr(services, step)

    def stop(*args: Any, **kwargs: Any) -> Any:
        made = true_step(*args, **kwargs)
        reached.set()
        signal.pause()
        return made

    monkeypatch.setattr(services, step, stop)
    process = context.Process(target=to_the_end, args=(run.pk,))
    process.start()
    monkeypatch.undo()
    assert reached.wait(60)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()

    carry_out_runs(now=now(), budget_s=FOREVER)

    assert_each_paid_once(friends)


def test_control_who_only_looks_before_paying_pays_twice_and_the_lines_refuse_it(friends: list[UUID]) -> None:
    ben = friends[0]
    both_have_looked = threading.Barrier(2)

    def look_then_pay(place: int, *, with_lines: bool) -> None:
        [found] = standings([ben], today=TODAY)
        both_have_looked.wait()
        run = Run.objects.create(currency="EUR", begun_at=now(), finished_at=now())
        with transaction.atomic():
            payout = Payout.objects.create(
                run=run, friend_id=ben, account=found.account, currency="EUR", due_minor=7_920, netted_minor=0,
                friend_minor=7_920, pro_minor=0, amount_minor=7_920, earned_since=TODAY, file_number=1,
                state=PayoutState.ORDERED, ordered_at=now(),
            )  # fmt: skip
            if with_lines:
                Line.objects.bulk_create(Line(payout=payout, entry_id=one) for one in found.entry_ids)
            occasion = Occasion(payout.pk, "EUR", TODAY, now(), About(payout_id=payout.pk))
            post(payout_ordered(occasion, worker=chart.friend(ben), amount=7_920))

    results = in_threads(2, lambda place: look_then_pay(place, with_lines=True))
    assert [type(one) for one in results if one] == [IntegrityError]
    assert owed(ben) == 0

    earn(ben)
    in_threads(2, lambda place: look_then_pay(place, with_lines=False))
    assert owed(ben) == -7_920


def test_two_windows_of_a_friend_leave_one_account(friends: list[UUID]) -> None:
    newcomer = uuid4()

    results = in_threads(
        2, lambda place: enter_account(friend_id=newcomer, holder="Ben", iban=(GERMAN, SWISS)[place], now=now())
    )

    assert {type(one) for one in results} == {BankAccount}
    assert BankAccount.objects.filter(friend_id=newcomer, ended_at=None).count() == 1


def test_what_is_confirmed_and_refused_at_once_is_one_of_both(friends: list[UUID]) -> None:
    run = a_run()
    carry_out_runs(now=now(), budget_s=FOREVER)
    payout = run.payouts.first()
    assert payout is not None

    def act(place: int) -> Any:
        if place % 2:
            return confirm_file(run_id=run.pk, file_number=1, who="Olga", now=now())
        return refuse_payout(payout_id=payout.pk, reason="Closed", who="Otto", now=now())

    results = in_threads(4, act)

    assert UnableToRefuse in {type(one) for one in results}
    assert under_way() == 0
    payout.refresh_from_db()
    came_back = payout.state in {PayoutState.REFUSED, PayoutState.RETURNED}
    assert came_back
    assert owed(payout.friend_id) == 7_920
    assert balance_of(chart.BANK, "EUR") == -(FRIENDS - 1) * 7_920
