"""Writing to the books: transactions, reversals, closings. Run on the platform; no tenant's role may.

Whoever locks rows of other apps in the same transaction does so before: the books come last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from kernel.database.constraints import constraint_of
from ledger.chart import AccountName
from ledger.errors import BookedDifferently, OutOfBalance, PeriodClosed, UnableToClose, UnableToReverse
from ledger.kinds import Event
from ledger.models import Closing, Entry

# One statement for any number of transactions. Accounts are made where they are missing; a key that is in the books
# writes nothing, and whoever comes second at the same moment waits here for the first.
_POST = """
WITH opened AS (
    INSERT INTO public.ledger_account (id, kind, tenant_id, friend_id, currency)
    SELECT * FROM (VALUES {accounts}) AS wanted (id, kind, tenant_id, friend_id, currency)
     WHERE NOT EXISTS (SELECT 1 FROM public.ledger_account there WHERE there.id = wanted.id)
    ON CONFLICT DO NOTHING
), written AS (
    INSERT INTO public.ledger_transaction
           (key, event, booked_on, at, entry_count, tenant_id, order_id, job_id, payment_id, refund_id, payout_id)
    VALUES {transactions} ON CONFLICT (key) DO NOTHING RETURNING id, key, booked_on
), posted AS (
    INSERT INTO public.ledger_entry (transaction_id, account_id, booked_on, amount_minor)
    SELECT written.id, line.account_id, written.booked_on, line.amount_minor
      FROM written JOIN (VALUES {lines}) AS line (key, account_id, amount_minor) USING (key)
)
SELECT key FROM written
"""
_ACCOUNT = "(%s::uuid, %s, %s::integer, %s::uuid, %s)"
_TRANSACTION = "(%s, %s, %s::date, %s::timestamptz, %s, %s::integer, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::uuid)"
_LINE = "(%s, %s::uuid, %s::bigint)"
_REVERSE = """
WITH written AS (
    INSERT INTO public.ledger_transaction
           (key, event, booked_on, at, entry_count, reverses_id,
            tenant_id, order_id, job_id, payment_id, refund_id, payout_id)
    SELECT %s, %s, %s::date, %s::timestamptz, t.entry_count, t.id,
           t.tenant_id, t.order_id, t.job_id, t.payment_id, t.refund_id, t.payout_id
      FROM public.ledger_transaction t WHERE t.id = %s AND t.reverses_id IS NULL
    ON CONFLICT (key) DO NOTHING RETURNING id, booked_on
), posted AS (
    INSERT INTO public.ledger_entry (transaction_id, account_id, booked_on, amount_minor)
    SELECT written.id, e.account_id, written.booked_on, -e.amount_minor
      FROM written, public.ledger_entry e WHERE e.transaction_id = %s
)
SELECT id FROM written
"""


@dataclass(frozen=True)
class About:
    """Whose order, job, payment, refund or payout a transaction is about; at least one of the last five is said."""

    tenant_id: int | None = None
    order_id: UUID | None = None
    job_id: UUID | None = None
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    payout_id: UUID | None = None


@dataclass(frozen=True)
class Line:
    """An amount on an account, in minor units: a debit is positive, a credit negative."""

    account: AccountName
    currency: str
    amount_minor: int


@dataclass(frozen=True)
class Posting:
    """A transaction before it is written. ``booked_on`` is the day it counts for, ``at`` the present moment."""

    key: str
    event: Event
    booked_on: date
    at: datetime
    lines: Sequence[Line]
    about: About = field(default_factory=About)

    @cached_property
    def ids(self) -> list[UUID]:
        """Return the id of each line's account."""
        return [line.account.id_in(line.currency) for line in self.lines]

    @cached_property
    def amounts(self) -> dict[UUID, int]:
        """Return what is written to each account, without what comes to nothing."""
        sums: dict[UUID, int] = {}
        for account, line in zip(self.ids, self.lines, strict=True):
            sums[account] = sums.get(account, 0) + line.amount_minor
        return {account: amount for account, amount in sums.items() if amount}


def post(*postings: Posting) -> list[str]:
    """Write transactions and return the keys of those that were new, in one statement; a repeated key writes nothing.

    What moves no money is left out.

    Raises OutOfBalance, PeriodClosed, and BookedDifferently where a repeated key stands for other figures.
    """
    if len({posting.key for posting in postings}) < len(postings):
        raise BookedDifferently
    moving = {posting.key: posting for posting in postings if posting.amounts}
    for posting in moving.values():
        _refuse_imbalance(posting)
    if not moving:
        return []
    written = {key for (key,) in _write(*_statement(list(moving.values())))}
    _refuse_other_figures([posting for key, posting in moving.items() if key not in written])
    return [key for key in moving if key in written]


def reverse(*, transaction_id: int, on: date, now: datetime) -> int:
    """Write the transaction that undoes another one, and return its id.

    Raises UnableToReverse where it is reversed already or a reversal itself, and PeriodClosed.
    """
    key = f"{Event.REVERSAL}:{transaction_id}"
    made = _write(_REVERSE, [key, Event.REVERSAL, on, now, transaction_id, transaction_id])
    if not made:
        raise UnableToReverse
    return int(made[0][0])


def close_period(*, through: date, who: str, today: date, now: datetime) -> Closing:
    """Close the books through a day that is over, for ever, and carry forward what each account holds.

    Waits for the transactions that are being written.

    Raises UnableToClose.
    """
    if through >= today:
        raise UnableToClose
    try:
        with transaction.atomic():
            return Closing.objects.create(through=through, closed_by=who, closed_at=now)
    except IntegrityError as error:
        if constraint_of(error) == "ledger_closing_goes_forward":
            raise UnableToClose from error
        raise


def _statement(postings: Sequence[Posting]) -> tuple[str, list[Any]]:
    accounts = list(_accounts(postings))
    transactions: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    for one in postings:
        about, amounts = one.about, one.amounts
        transactions.append(
            (one.key, one.event, one.booked_on, one.at, len(amounts), about.tenant_id, about.order_id, about.job_id,
             about.payment_id, about.refund_id, about.payout_id)
        )  # fmt: skip
        lines += [(one.key, account, amount) for account, amount in amounts.items()]
    text = _POST.format(
        accounts=", ".join([_ACCOUNT] * len(accounts)),
        transactions=", ".join([_TRANSACTION] * len(transactions)),
        lines=", ".join([_LINE] * len(lines)),
    )
    return text, [value for row in (*accounts, *transactions, *lines) for value in row]


def _accounts(postings: Sequence[Posting]) -> Iterator[tuple[Any, ...]]:
    """Yield the accounts that are written to, each once."""
    lines = (pair for one in postings for pair in zip(one.ids, one.lines, strict=True))
    wanted = {account: line for account, line in lines if line.amount_minor}
    for account_id, line in wanted.items():
        account = line.account
        yield account_id, account.kind, account.tenant_id, account.friend_id, line.currency


def _write(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Send the one statement, without a savepoint: where it is refused, the caller's transaction is over."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    except IntegrityError as error:
        if constraint_of(error) == "ledger_transaction_in_open_books":
            raise PeriodClosed from error
        raise


def _refuse_imbalance(posting: Posting) -> None:
    """Say it before the database does, which says it at the commit."""
    sums: dict[str, int] = {}
    for line in posting.lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.amount_minor
    if any(sums.values()):
        raise OutOfBalance


def _refuse_other_figures(postings: Sequence[Posting]) -> None:
    if not postings:
        return
    found: dict[str, dict[UUID, int]] = {posting.key: {} for posting in postings}
    rows = Entry.objects.filter(transaction__key__in=found).values_list(
        "transaction__key", "account_id", "amount_minor"
    )
    for key, account_id, amount in rows:
        found[key][account_id] = amount
    if any(found[posting.key] != posting.amounts for posting in postings):
        raise BookedDifferently
