"""Reads of the books: balances, trial balance, statements. Run on the platform.

A balance is what was carried forward at the last closing and the entries since, out of one index: it is never kept
beside the entries, so it cannot be wrong, and nobody waits for anybody to write it. Amounts are debit positive unless
said otherwise.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from ledger.chart import AccountName
from ledger.kinds import PAYOUTS, AccountKind, Event
from ledger.models import Account, Carried, Closing, Entry, Transaction


@dataclass(frozen=True)
class TrialRow:
    """What one kind of account held before a period, moved in it, and holds after it, in one currency."""

    kind: AccountKind
    currency: str
    opening_minor: int
    debit_minor: int
    credit_minor: int

    @property
    def closing_minor(self) -> int:
        """What the accounts hold at the end."""
        return self.opening_minor + self.debit_minor - self.credit_minor


@dataclass(frozen=True)
class StatementRow:
    """An entry with its transaction and the account's balance after it."""

    entry: Entry
    balance_minor: int


@dataclass(frozen=True)
class Statement:
    """A part of an account's statement; the opening balance is that before its first row."""

    opening_minor: int
    rows: list[StatementRow]


@dataclass(frozen=True)
class WorkerFigures:
    """What a friend has earned in a month or quarter, in minor units, and with how many jobs.

    ``net_minor`` is theirs, ``fees_minor`` what the platform has taken of it: commission with its VAT. ``begins`` is
    the first day.
    """

    friend_id: UUID
    currency: str
    begins: date
    net_minor: int
    fees_minor: int
    jobs: int

    @property
    def gross_minor(self) -> int:
        """What the work has brought before commission."""
        return self.net_minor + self.fees_minor


# Fees stand in the transactions that move a worker's account, on the accounts of the platform and of VAT, and so does
# what gives them back. A job counts in the period in which it has brought something after all.
_FIGURES = """
WITH own AS (
    SELECT e.transaction_id, a.friend_id, a.currency, t.job_id, date_trunc(%(unit)s, e.booked_on)::date AS begins,
           sum(e.amount_minor) AS amount, t.event = %(tip)s AS is_tip
      FROM public.ledger_entry e
      JOIN public.ledger_account a ON a.id = e.account_id
      JOIN public.ledger_transaction t ON t.id = e.transaction_id
      LEFT JOIN public.ledger_transaction undone ON undone.id = t.reverses_id
     WHERE a.friend_id IS NOT NULL AND a.kind = ANY(%(workers)s) AND e.booked_on BETWEEN %(since)s AND %(until)s
       AND (%(friend)s::uuid IS NULL OR a.friend_id = %(friend)s::uuid)
       AND coalesce(undone.event, t.event) <> ALL(%(payouts)s)
     GROUP BY e.transaction_id, a.friend_id, a.currency, t.job_id, begins, is_tip
), fees AS (
    SELECT e.transaction_id, -sum(e.amount_minor) AS amount
      FROM public.ledger_entry e JOIN public.ledger_account a ON a.id = e.account_id
     WHERE e.transaction_id IN (SELECT transaction_id FROM own) AND a.kind = ANY(%(takers)s)
     GROUP BY e.transaction_id
), jobs AS (
    SELECT own.friend_id, own.currency, own.begins, own.job_id, -sum(own.amount) AS net,
           coalesce(sum(fees.amount), 0) AS fees, bool_and(own.is_tip) AS is_tip
      FROM own LEFT JOIN fees USING (transaction_id)
     GROUP BY own.friend_id, own.currency, own.begins, own.job_id
)
SELECT friend_id, currency, begins, sum(net), sum(fees), count(job_id) FILTER (WHERE net > 0 AND NOT is_tip)
  FROM jobs GROUP BY friend_id, currency, begins ORDER BY friend_id, currency, begins
"""


def closed_through(*, before: date | None = None) -> date | None:
    """Return the last day of the closed books, or of those closed before a day."""
    found = Closing.objects.filter(through__lt=before) if before else Closing.objects.all()
    return found.aggregate(last=Max("through"))["last"]


def open_day(wanted: date) -> date:
    """Return a day, or where the books are closed for it the first open one after it."""
    closed = closed_through()
    return max(wanted, closed + timedelta(days=1)) if closed else wanted


def account_by_id(account_id: UUID) -> Account:
    """Return an account.

    Raises ``Account.DoesNotExist``.
    """
    return Account.objects.get(pk=account_id)


def accounts(
    *,
    ids: Collection[UUID] = (),
    kinds: Collection[str] = (),
    currency: str = "",
    tenant_id: int | None = None,
    friend_ids: Collection[UUID] = (),
) -> QuerySet[Account]:
    """Return accounts by what is asked for; nothing asked for means all."""
    wanted: dict[str, Any] = {
        "pk__in": ids,
        "kind__in": kinds,
        "currency": currency,
        "tenant_id": tenant_id,
        "friend_id__in": friend_ids,
    }
    return Account.objects.filter(**{name: value for name, value in wanted.items() if value}).order_by(
        "kind", "currency", "tenant_id", "friend_id", "id"
    )


def accounts_of_partner(tenant_id: int) -> QuerySet[Account]:
    """Return the accounts that a partner may see: its own, and its customers'."""
    return Account.objects.filter(tenant_id=tenant_id).order_by("kind", "currency", "id")


def accounts_of_friend(friend_id: UUID) -> QuerySet[Account]:
    """Return the accounts that a friend may see: their own."""
    return Account.objects.filter(friend_id=friend_id).order_by("kind", "currency", "id")


def with_balance(found: QuerySet[Account], *, before: date | None = None) -> QuerySet[Account]:
    """Add ``balance_minor`` to accounts: now, or at the beginning of a day."""
    through = closed_through(before=before)
    entries = Entry.objects.filter(account=OuterRef("pk"))
    if through:
        entries = entries.filter(booked_on__gt=through)
    if before:
        entries = entries.filter(booked_on__lt=before)
    carried = Carried.objects.filter(account=OuterRef("pk"), closing=through)
    moved = entries.order_by().values("account").annotate(sum=Sum("amount_minor")).values("sum")
    zero = Value(0, output_field=BigIntegerField())
    return found.annotate(
        balance_minor=Coalesce(Subquery(carried.values("balance_minor")), zero)
        + Coalesce(Subquery(moved, output_field=BigIntegerField()), zero)
    )


def balance_of(account: AccountName, currency: str, *, before: date | None = None) -> int:
    """Return what an account holds, in minor units, positive where it usually stands: what a friend is owed, say."""
    found = with_balance(Account.objects.filter(pk=account.id_in(currency)), before=before).first()
    return found.sign * found.balance_minor if found else 0  # type: ignore[attr-defined]  # annotated


def moved_after(account: AccountName, currency: str, *, event: Event, after: date) -> int:
    """Return what an event has moved on an account after a day, debit positive."""
    found = Entry.objects.filter(account=account.id_in(currency), booked_on__gt=after, transaction__event=event)
    return found.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def trial_balance(
    *, since: date, until: date, tenant_id: int | None = None, friend_id: UUID | None = None
) -> list[TrialRow]:
    """Return each kind of account with what it held and what moved in a period, of everybody or of one holder.

    Over everybody the closing balances of each currency come to nothing.
    """
    mine: dict[str, Any] = {"tenant_id": tenant_id, "friend_id": friend_id}
    owned = {f"account__{name}": value for name, value in mine.items() if value is not None}
    through = closed_through(before=since)
    before = Entry.objects.filter(booked_on__lt=since, **owned)
    moved = Entry.objects.filter(booked_on__range=(since, until), **owned)
    carried = _by_kind(Carried.objects.filter(closing=through, **owned), "balance_minor")
    since_then = _by_kind(before.filter(booked_on__gt=through) if through else before, "amount_minor")
    debits = _by_kind(moved.filter(amount_minor__gt=0), "amount_minor")
    credits_ = _by_kind(moved.filter(amount_minor__lt=0), "amount_minor")
    order = {kind: place for place, kind in enumerate(AccountKind.values)}
    rows = [
        TrialRow(
            AccountKind(key[0]),
            key[1],
            carried.get(key, 0) + since_then.get(key, 0),
            debits.get(key, 0),
            -credits_.get(key, 0),
        )
        for key in sorted({*carried, *since_then, *debits, *credits_}, key=lambda key: (key[1], order[key[0]]))
    ]
    return [row for row in rows if row.opening_minor or row.debit_minor or row.credit_minor]


def entries_of(account: Account, *, since: date | None = None, until: date | None = None) -> QuerySet[Entry]:
    """Return the entries of an account in a period with their transactions, in the order of the books."""
    found = Entry.objects.filter(account=account).select_related("transaction")
    if since:
        found = found.filter(booked_on__gte=since)
    if until:
        found = found.filter(booked_on__lte=until)
    return found.order_by("booked_on", "id")


def statement(
    account: Account, *, since: date | None = None, until: date | None = None, offset: int = 0, limit: int | None = None
) -> Statement:
    """Return the part of an account's statement from one row on, with the balance after each; 4 queries."""
    found = entries_of(account, since=since, until=until)
    opening = 0
    if since:
        opening = with_balance(accounts(ids=[account.pk]), before=since).get().balance_minor  # type: ignore[attr-defined]  # annotated
    skipped = found.select_related(None)[:offset]
    opening += Entry.objects.filter(pk__in=skipped.values("pk")).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    rows, balance = [], opening
    for entry in found[offset : None if limit is None else offset + limit]:
        balance += entry.amount_minor
        rows.append(StatementRow(entry, balance))
    return Statement(opening, rows)


def transaction_by_key(key: str) -> Transaction | None:
    """Return what was booked under a key."""
    return Transaction.objects.filter(key=key).first()


def is_reversed(found: Transaction) -> bool:
    """Say whether a transaction has been undone by another."""
    return Transaction.objects.filter(reverses=found).exists()


def transactions_of_order(order_id: UUID) -> QuerySet[Transaction]:
    """Return everything that was booked for an order, with entries and accounts, in the order of the books."""
    found = Transaction.objects.filter(order_id=order_id).prefetch_related("entries__account")
    return found.order_by("booked_on", "id")


def transactions_between(
    *, since: date, until: date, currency: str, tenant_id: int | None = None
) -> QuerySet[Transaction]:
    """Return what was booked in a currency in a period, of all or for a partner's orders, in the order of the books.

    The entries in that currency are ``in_currency``, with their accounts (2 queries).
    """
    entries = Entry.objects.filter(account__currency=currency).select_related("account").order_by("id")
    found = Transaction.objects.filter(
        Exists(Entry.objects.filter(transaction=OuterRef("pk"), account__currency=currency)),
        booked_on__range=(since, until),
    )
    if tenant_id is not None:
        found = found.filter(tenant_id=tenant_id)
    return found.prefetch_related(Prefetch("entries", entries, to_attr="in_currency")).order_by("booked_on", "id")


def earned_by_month(friend_id: UUID) -> list[tuple[str, date, int]]:
    """Return what a friend has earned, as friend and as pro: currency, first day of the month, amount (1 query)."""
    months = _earnings(friend_id).annotate(month=TruncMonth("booked_on")).values_list("account__currency", "month")
    return list(months.annotate(earned=-Sum("amount_minor")).order_by("account__currency", "month"))


def earned_by_job(friend_id: UUID, *, since: date, until: date) -> QuerySet[Any, dict[str, Any]]:
    """Return what a friend has earned with each job in a period, latest first: rows of the three figures and a day.

    ``price_minor`` and ``commission_minor`` are those of work that was done, ``tip_minor`` came on top, ``events`` are
    all that was booked.
    What came and went, and was no work, is left out.
    """
    did, commission = Q(transaction__event=Event.JOB_DONE), Q(transaction__event=Event.COMMISSION_TAKEN)
    jobs = _earnings(friend_id).filter(booked_on__range=(since, until), transaction__job_id__isnull=False)
    return (
        jobs.values(job_id=F("transaction__job_id"), currency=F("account__currency"))
        .annotate(
            on=Max("booked_on"),
            net_minor=-Sum("amount_minor"),
            price_minor=-Sum("amount_minor", filter=did, default=0),
            commission_minor=Sum("amount_minor", filter=commission, default=0),
            tip_minor=-Sum("amount_minor", filter=Q(transaction__event=Event.TIP_PAID), default=0),
            events=ArrayAgg("transaction__event", distinct=True),
        )
        .exclude(net_minor=0, price_minor=0)
        .order_by("-on", "job_id")
    )


def worker_figures(*, unit: str, since: date, until: date, friend_id: UUID | None = None) -> list[WorkerFigures]:
    """Return what friends have earned in each month or quarter of a period (1 query), one friend's or everybody's.

    ``unit`` is ``month`` or ``quarter``.
    """
    values: dict[str, Any] = {
        "unit": unit,
        "since": since,
        "until": until,
        "friend": friend_id,
        "workers": [AccountKind.FRIEND.value, AccountKind.PRO.value],
        "takers": [AccountKind.PLATFORM.value, AccountKind.VAT.value],
        "payouts": [one.value for one in PAYOUTS],
        "tip": Event.TIP_PAID.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, values)
        return [
            WorkerFigures(UUID(str(friend)), currency, begins, int(net), int(fees), jobs)
            for friend, currency, begins, net, fees, jobs in cursor.fetchall()
        ]


def received_by_month(friend_id: UUID, *, since: date, until: date) -> dict[tuple[str, date], tuple[int, int]]:
    """Return what has reached a friend in each month of a period, by currency: paid out, and from customers in cash.

    A payout counts on the day on which the bank or Stripe has carried it out (2 queries).
    """
    found: dict[tuple[str, date], tuple[int, int]] = {}
    confirmed = _carried_out().values("booked_on")[:1]
    arrived = Case(When(transaction__event=Event.PAYOUT_ORDERED, then=Subquery(confirmed)), default=F("booked_on"))
    events = (Event.PAYOUT_ORDERED, Event.PAYOUT_RETURNED)
    paid = (
        Entry.objects.filter(_of_worker(friend_id), transaction__event__in=events)
        .annotate(arrived=arrived)
        .filter(arrived__range=(since, until))
    )
    cash = Entry.objects.filter(
        Q(transaction__event=Event.CASH_PAID) | Q(transaction__reverses__event=Event.CASH_PAID),
        account__friend_id=friend_id,
        account__kind=AccountKind.CASH,
        booked_on__range=(since, until),
    ).annotate(arrived=F("booked_on"))
    for place, entries in enumerate((paid, cash)):
        rows = entries.annotate(month=TruncMonth("arrived")).values_list("account__currency", "month")
        for currency, month, amount in rows.annotate(sum=Sum("amount_minor")).order_by():
            both = list(found.get((currency, month), (0, 0)))
            both[place] += amount
            found[currency, month] = (both[0], both[1])
    return found


def paid_out(friend_id: UUID) -> dict[str, tuple[int, int]]:
    """Return for each currency what has reached a friend, cash they kept included, and what is on its way (1 query)."""
    answers = _carried_out()
    ordered = Q(transaction__event__in=[Event.PAYOUT_ORDERED, Event.PAYOUT_REFUSED])
    rows = (
        Entry.objects.filter(_of_worker(friend_id), transaction__event__in=PAYOUTS)
        .annotate(is_under_way=ExpressionWrapper(ordered & ~Exists(answers), output_field=BooleanField()))
        .values_list("account__currency")
        .annotate(
            paid=Sum("amount_minor", filter=Q(is_under_way=False), default=0),
            under_way=Sum("amount_minor", filter=Q(is_under_way=True), default=0),
        )
        .order_by()
    )
    return {currency: (paid, under_way) for currency, paid, under_way in rows}


def _carried_out() -> QuerySet[Transaction]:
    """Return what says that the payout of an entry has reached the friend, unless it was taken back since."""
    carried_out = (Event.PAYOUT_CONFIRMED, Event.PAYOUT_TRANSFERRED)
    found = Transaction.objects.filter(payout_id=OuterRef("transaction__payout_id"), event__in=carried_out)
    return found.filter(reversed_by=None)


def _earnings(friend_id: UUID) -> QuerySet[Entry]:
    """Return the entries of a worker's accounts that are no payout, nor the reversal of one."""
    earned = Entry.objects.filter(_of_worker(friend_id)).exclude(transaction__event__in=PAYOUTS)
    return earned.exclude(transaction__reverses__event__in=PAYOUTS)


def _of_worker(friend_id: UUID) -> Q:
    return Q(account__friend_id=friend_id, account__kind__in=[AccountKind.FRIEND, AccountKind.PRO])


def _by_kind(found: QuerySet[Any], amount: str) -> dict[tuple[str, str], int]:
    """Return the sum of an amount for each kind and currency of accounts."""
    grouped = found.values_list("account__kind", "account__currency").annotate(sum=Sum(amount)).order_by()
    return {(kind, currency): int(total) for kind, currency, total in grouped}
