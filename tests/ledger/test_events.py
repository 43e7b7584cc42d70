"""The table of docs/money/books.md is what the events book, and the books balance whatever comes (R19)."""

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import chart
from ledger.chart import AccountName
from ledger.errors import BookedDifferently
from ledger.events import cancellation_fee, job_done
from ledger.models import Entry, Transaction
from ledger.services import post
from tests.ledger.books import BEN, NORD, all_events, held, made_up, occasion, settle_constraints

PAGE = Path(__file__).resolve().parents[2] / "docs" / "money" / "books.md"
Sides = tuple[str, str]


def the_table() -> dict[str, Sides]:
    """Return debit and credit of each event as the page says them."""
    part = PAGE.read_text(encoding="utf-8").split("## What each event books")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return {event: (debit, credit) for event, debit, credit, _when in rows[2:]}


def expected(sides: Sides, said: dict) -> Counter[str]:
    """Return what a row of the table says for the figures: an amount for each account, debit positive."""
    amounts: Counter[str] = Counter()
    for side, sign in zip(sides, (1, -1), strict=True):
        for part in side.split(";"):
            account, *words = re.findall(r"\w+", part)
            amounts[str(named(account, said).id_in(said["occasion"].currency))] += sign * sum(
                said[word] for word in words
            )
    return amounts


def named(account: str, said: dict) -> AccountName:
    holders = {
        "customer": chart.customers_of(said["tenant_id"]),
        "partner": chart.partner(said["tenant_id"]),
        "friend": chart.friend(said["friend_id"]),
        "cash": chart.cash_of(said["friend_id"]),
        "worker": said["worker"],
        "provider": said["provider"],
    }
    return holders.get(account) or getattr(chart, account.upper())


def test_the_page_has_a_row_for_each_event() -> None:
    assert set(the_table()) == set(all_events())


@pytest.mark.parametrize("event", the_table())
def test_each_event_books_what_the_page_says_and_nothing_else(db: None, event: str) -> None:
    for act in range(1, 9):
        posting, said = made_up(event, random.Random(act), act)
        before = Counter({account: amount for (account, _currency), amount in held().items()})

        assert post(posting) == [f"{event}:{posting.about.job_id}"]

        settle_constraints()
        after = Counter({account: amount for (account, _currency), amount in held().items()})
        after.subtract(before)
        assert {one: amount for one, amount in after.items() if amount} == dict(expected(the_table()[event], said))
        entry = Entry.objects.filter(transaction__key=posting.key).select_related("transaction").first()
        assert entry is not None
        assert (entry.transaction.event, entry.transaction.job_id) == (event, posting.about.job_id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), names=st.lists(st.sampled_from(sorted(all_events())), min_size=1, max_size=12))
def test_the_books_balance_after_every_event_whatever_comes(db: None, seed: int, names: list[str]) -> None:
    dice = random.Random(seed)
    with transaction.atomic():
        for act, event in enumerate(names, start=1):
            before = held()
            posting, _said = made_up(event, dice, act)
            # Some acts come twice, as webhooks do.
            for _time in range(dice.randint(1, 2)):
                post(posting)
            settle_constraints()

            after = held()
            balances: Counter[str] = Counter()
            for (_account, currency), amount in after.items():
                balances[currency] += amount
            assert set(balances.values()) == {0}
            touched = {str(account) for account in posting.amounts}
            assert {one: amount for one, amount in after.items() if one[0] not in touched} == {
                one: amount for one, amount in before.items() if one[0] not in touched
            }
        assert Transaction.objects.count() == len(names)
        transaction.set_rollback(True)


def test_the_same_act_is_booked_once_and_never_with_other_figures(db: None) -> None:
    done = job_done(occasion(), tenant_id=NORD, worker=chart.friend(BEN), price=9_900)

    assert post(done) == ["job_done:00000000-0000-0000-0000-000000000001"]
    assert post(done) == []
    with pytest.raises(BookedDifferently):
        post(job_done(occasion(), tenant_id=NORD, worker=chart.friend(BEN), price=9_901))
    with pytest.raises(BookedDifferently):
        post(job_done(occasion(), tenant_id=NORD, worker=chart.pro(BEN), price=9_900))
    assert Transaction.objects.count() == 1


def test_what_comes_to_nothing_is_not_booked_and_nobody_owes_less_than_nothing(db: None) -> None:
    worker = chart.friend(BEN)

    assert post(cancellation_fee(occasion(), tenant_id=NORD, worker=worker, share=0, commission=0, vat=0)) == []
    assert post(cancellation_fee(occasion(), tenant_id=NORD, worker=worker, share=1_000, commission=0, vat=0))
    assert Entry.objects.count() == 2
    with pytest.raises(ValueError, match="negative"):
        cancellation_fee(occasion(2), tenant_id=NORD, worker=worker, share=-1, commission=1, vat=0)
