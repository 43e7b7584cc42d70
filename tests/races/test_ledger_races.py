"""One act is booked once however many book it, nobody waits in a ring, and a closing leaves nothing out (R19)."""

import threading
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from kernel.clock import now
from ledger import chart
from ledger.errors import BookedDifferently, PeriodClosed
from ledger.events import Occasion, card_paid, commission_taken, job_done
from ledger.models import Carried, Closing, Transaction
from ledger.selectors import balance_of
from ledger.services import About, close_period, post
from tests.ledger.books import BEN, NORD, TODAY, occasion, owed
from tests.races.test_overflow_races import in_the_background, until_it_waits
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race
RIVALS, ROUNDS = 16, 8
OCTOBER = date(2026, 10, 31)


def done(act: int, price: int = 9_900, on: date = TODAY) -> Any:
    return job_done(occasion(act, on=on), tenant_id=NORD, worker=chart.friend(BEN), price=price)


def book_one(act: int, price_step: int = 0) -> Callable[[int], Any]:
    """Return what each rival does: book one act, each with a price of their own where there is a step."""
    return lambda place: post(done(act, price=9_900 + place * price_step))


def test_of_many_at_once_one_books_the_act(committed: None) -> None:
    for act in range(1, ROUNDS + 1):
        results = in_threads(RIVALS, book_one(act))

        assert sorted(len(one) for one in results) == [0] * (RIVALS - 1) + [1]
    assert Transaction.objects.count() == ROUNDS
    assert balance_of(chart.friend(BEN), "CHF") == ROUNDS * 9_900


def test_of_two_figures_at_once_one_is_booked_and_the_other_is_told(committed: None) -> None:
    for act in range(1, ROUNDS + 1):
        results = in_threads(2, book_one(act, price_step=1))

        assert [type(one) for one in results if isinstance(one, Exception)] == [BookedDifferently]
    assert Transaction.objects.count() == ROUNDS


def test_control_who_looks_before_writing_under_a_key_of_their_own_books_twice(committed: None) -> None:
    both_have_looked = threading.Barrier(2)

    def look_then_write(place: int) -> None:
        is_there = Transaction.objects.filter(job_id=UUID(int=1)).exists()
        both_have_looked.wait()
        if not is_there:
            act = Occasion(UUID(int=100 + place), "CHF", TODAY, now(), About(job_id=UUID(int=1)))
            post(job_done(act, tenant_id=NORD, worker=chart.friend(BEN), price=9_900))

    in_threads(2, look_then_write)

    assert balance_of(chart.friend(BEN), "CHF") == 2 * 9_900


def test_nobody_waits_in_a_ring_though_all_write_to_the_same_accounts_in_any_order(committed: None) -> None:
    acts = count(1)

    def book(place: int) -> None:
        for _round in range(ROUNDS):
            act, worker = next(acts), chart.friend(BEN)
            postings = [
                card_paid(occasion(act), provider=chart.STRIPE, tenant_id=NORD, amount=9_900),
                done(act),
                commission_taken(occasion(act), worker=worker, commission=1_832, vat=148),
            ]
            with transaction.atomic():
                for posting in postings if place % 2 else reversed(postings):
                    post(posting)

    results = in_threads(RIVALS, book)

    assert results == [None] * RIVALS
    assert balance_of(chart.friend(BEN), "CHF") == RIVALS * ROUNDS * 7_920
    assert owed(chart.customers_of(NORD)) == 0


def test_a_closing_waits_for_what_is_being_written_and_carries_it(committed: None) -> None:
    with transaction.atomic():
        post(done(1, on=OCTOBER))
        closing = in_the_background(lambda: close_period(through=OCTOBER, who="Olga", today=TODAY, now=now()))
        assert until_it_waits(closing)
    closing.join()

    assert Closing.objects.get().through == OCTOBER
    assert Carried.objects.get(account=chart.friend(BEN).id_in("CHF")).balance_minor == -9_900
    with pytest.raises(PeriodClosed):
        post(done(2, on=OCTOBER))


def test_what_comes_while_the_books_are_being_closed_waits_and_is_refused(committed: None) -> None:
    said: list[Any] = []

    def come_too_late() -> None:
        try:
            post(done(1, on=OCTOBER))
        except PeriodClosed as error:
            said.append(error)

    with transaction.atomic():
        close_period(through=OCTOBER, who="Olga", today=TODAY, now=now())
        late = in_the_background(come_too_late)
        assert until_it_waits(late)
    late.join()

    assert len(said) == 1
    assert not Transaction.objects.exists()
