"""Reads of payouts: what friends are owed and what keeps it from them, runs, payouts, what waits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ledger.kinds import AccountKind
from ledger.models import Account, Entry, Transaction
from ledger.selectors import with_balance
from payouts.calendar import LEAST, overdue_before
from payouts.ibans import takes
from payouts.models import BankAccount, Download, Hold, Line, Payout, Run, Transfer, Waiting
from payouts.settling import Owed, settle
from payouts.states import NOT_CONFIRMED, HoldKind, PayoutState, Reason, RunState
from stripe_gateway.models import ConnectAccount
from stripe_gateway.selectors import connect_accounts_of


@dataclass(frozen=True)
class Late:
    """What a friend has earned with a partner's jobs and not got in the promised days, in minor units; and why not."""

    friend_id: UUID
    currency: str
    amount_minor: int
    since: date
    reason: Any


@dataclass(frozen=True)
class Standing:
    """How it stands with a friend's money in a currency. ``entry_ids`` are those of the books that no payout has yet.

    ``account`` or ``connect`` is where it goes. ``since`` is the day of the oldest of it that is unpaid, ``reason``
    what keeps it from being paid, and NEXT_RUN where nothing does.
    """

    friend_id: UUID
    currency: str
    owed: Owed
    payable_minor: int
    since: date
    is_overdue: bool
    reason: Reason
    why: str
    account: BankAccount | None
    connect: ConnectAccount | None
    entry_ids: tuple[int, ...]

    @property
    def is_payable(self) -> bool:
        """Say whether a run would pay it now."""
        return self.payable_minor > 0 and self.reason == Reason.NEXT_RUN


# With where a payout goes.
WHERE = ("account", "transfer__connect")


def friends_after(after: UUID | None, *, currency: str, most: int) -> list[UUID]:
    """Return the next friends with an account in the books, in the order of their ids (1 query)."""
    found = Account.objects.filter(currency=currency, friend_id__isnull=False)
    if after:
        found = found.filter(friend_id__gt=after)
    # No kind of account says whose it is, so the filter on it leaves the index on friends as it is.
    ids = found.values_list("friend_id", flat=True).distinct().order_by("friend_id")[:most]
    return [one for one in ids if one]


def standings(friend_ids: Collection[UUID], *, today: date, currency: str = "") -> list[Standing]:
    """Return how it stands with the friends' money, by friend and currency (4 queries, 5 with Stripe).

    Balances and entries come out of one statement, so they belong together whatever is booked meanwhile.
    """
    held: dict[tuple[UUID, str], list[Any]] = {}
    for one in _held(friend_ids, currency):
        assert one.friend_id is not None, "they are a friend's"
        held.setdefault((one.friend_id, one.currency), []).append(one)
    bank = {one.friend_id: one for one in _latest_accounts(friend_ids)}
    holds = {one.friend_id: one for one in Hold.objects.filter(friend_id__in=friend_ids, lifted_at=None)}
    connected = connect_accounts_of(friend_ids)
    return [
        _standing(
            friend_id, in_currency, rows, bank.get(friend_id), connected.get(friend_id), holds.get(friend_id), today
        )
        for (friend_id, in_currency), rows in held.items()
    ]


def account_of(friend_id: UUID) -> BankAccount | None:
    """Return where a friend is paid."""
    return BankAccount.objects.filter(friend_id=friend_id, ended_at=None).first()


def accounts_of(friend_ids: Collection[UUID]) -> dict[UUID, BankAccount]:
    """Return where each of these friends is paid."""
    return {one.friend_id: one for one in BankAccount.objects.filter(friend_id__in=friend_ids, ended_at=None)}


def hold_of(friend_id: UUID) -> Hold | None:
    """Return what keeps all of a friend's payouts back."""
    return Hold.objects.filter(friend_id=friend_id, lifted_at=None).first()


def holds() -> QuerySet[Hold]:
    """Return the holds that count, latest first."""
    return Hold.objects.filter(lifted_at=None).order_by("-placed_at", "id")


def payouts_of_friend(friend_id: UUID) -> QuerySet[Payout]:
    """Return a friend's payouts with the account, latest first."""
    return Payout.objects.filter(friend_id=friend_id).select_related(*WHERE).order_by("-ordered_at", "id")


def payout_of_friend(payout_id: UUID, friend_id: UUID) -> Payout:
    """Return one of a friend's payouts.

    Raises ``Payout.DoesNotExist``, for one of others too.
    """
    return payouts_of_friend(friend_id).get(pk=payout_id)


def payout_by_id(payout_id: UUID) -> Payout:
    """Return a payout with its account.

    Raises ``Payout.DoesNotExist``.
    """
    return Payout.objects.select_related(*WHERE, "run").get(pk=payout_id)


def payouts(
    *, friend_ids: Collection[UUID] | None = None, state: str = "", currency: str = "", run_id: UUID | None = None
) -> QuerySet[Payout]:
    """Return payouts by what is asked for, latest first."""
    wanted: dict[str, Any] = {"state": state, "currency": currency, "run": run_id}
    found = Payout.objects.filter(**{name: value for name, value in wanted.items() if value})
    if friend_ids is not None:
        found = found.filter(friend_id__in=friend_ids)
    return found.select_related(*WHERE).order_by("-ordered_at", "id")


def runs(*, state: str = "", currency: str = "", friend_ids: Collection[UUID] | None = None) -> QuerySet[Run]:
    """Return runs by what is asked for, latest first; ``friend_ids`` are those whom a run has paid, or was for."""
    found = Run.objects.filter(**{"currency": currency} if currency else {})
    if state:
        found = found.filter(finished_at__isnull=state == RunState.UNDER_WAY)
    if state == RunState.WAITS:
        found = found.filter(Exists(Payout.objects.filter(run=OuterRef("pk"), state=PayoutState.ORDERED)))
    if friend_ids is not None:
        paid = Payout.objects.filter(run=OuterRef("pk"), friend_id__in=friend_ids)
        found = found.filter(Exists(paid) | Q(friend_id__in=friend_ids))
    return found.order_by("-begun_at", "id")


def run_by_id(run_id: UUID) -> Run:
    """Return a run.

    Raises ``Run.DoesNotExist``.
    """
    return Run.objects.get(pk=run_id)


def files_of(run: Run) -> list[dict[str, Any]]:
    """Return the bank files of a run: number, payouts, sum, how many wait for the bank, and who took it last."""
    found = Payout.objects.filter(run=run, file_number__gt=0).values("file_number")
    rows = found.annotate(
        payouts=Count("id"),
        total_minor=Sum("amount_minor"),
        ordered=Count("id", filter=Q(state=PayoutState.ORDERED)),
    ).order_by("file_number")
    taken = {one.file_number: one for one in Download.objects.filter(run=run).order_by("at", "id")}
    return [row | {"taken": taken.get(row["file_number"])} for row in rows]


def transfers_of(run: Run) -> dict[str, int]:
    """Return of a run's transfers how many there are, their sum, and how many Stripe has not made yet."""
    return Payout.objects.filter(run=run, by_transfer=True).aggregate(
        count=Count("pk"),
        total_minor=Sum("amount_minor", default=0),
        ordered=Count("pk", filter=Q(state=PayoutState.ORDERED)),
    )


def transfer_named(transfer_id: str) -> Transfer | None:
    """Return the transfer that has a name at Stripe."""
    return Transfer.objects.filter(transfer_id=transfer_id).first() if transfer_id else None


def payouts_of_file(run_id: UUID, file_number: int) -> QuerySet[Payout]:
    """Return the payouts that a bank file orders, always in the same order."""
    return Payout.objects.filter(run=run_id, file_number=file_number).select_related("account").order_by("id")


def waiting(
    *, friend_ids: Collection[UUID] | None = None, reason: str = "", currency: str = "", overdue_on: date | None = None
) -> QuerySet[Waiting]:
    """Return the unpaid money, the oldest first; with ``overdue_on`` what is unpaid after the promised days."""
    wanted: dict[str, Any] = {"reason": reason, "currency": currency}
    found = Waiting.objects.filter(**{name: value for name, value in wanted.items() if value})
    if friend_ids is not None:
        found = found.filter(friend_id__in=friend_ids)
    if overdue_on is not None:
        found = found.filter(since__lt=overdue_before(overdue_on))
    return found.order_by("since", "id")


def unconfirmed(today: date, *, friend_id: UUID | None = None) -> QuerySet[Payout]:
    """Return the payouts that the bank has not confirmed though the promised days are over, the oldest money first."""
    found = Payout.objects.filter(state=PayoutState.ORDERED, earned_since__lt=overdue_before(today))
    if friend_id:
        found = found.filter(friend_id=friend_id)
    return found.select_related("account").order_by("earned_since", "id")


def alarms(today: date) -> int:
    """Return how many friends' payments are late: unpaid, or not confirmed by the bank (2 queries)."""
    return waiting(overdue_on=today).count() + unconfirmed(today).count()


def late_for_partner(tenant_id: int, today: date) -> list[Late]:
    """Return whose earnings with a partner's jobs are late, the oldest first (4 queries).

    Nothing silences it: it follows from what is promised and what is paid.
    """
    overdue = {(one.friend_id, one.currency): one for one in waiting(overdue_on=today)}
    stuck = {one.pk: one for one in unconfirmed(today)}
    mine = Entry.objects.filter(account__kind__in=_KINDS, transaction__tenant_id=tenant_id).order_by()
    unpaid = mine.filter(
        ~Exists(Line.objects.filter(entry=OuterRef("pk"))), account__friend_id__in={friend for friend, _ in overdue}
    ).values_list("account__friend_id", "account__currency")
    ordered = mine.filter(payout_line__payout__in=stuck).values_list("payout_line__payout")
    found = [
        Late(one.friend_id, one.currency, amount, one.since, Reason(one.reason).label)
        for friend, currency, amount in unpaid.annotate(sum=-Sum("amount_minor"))
        if amount > 0 and (one := overdue.get((friend, currency)))
    ]
    found += [
        Late(stuck[pk].friend_id, stuck[pk].currency, amount, stuck[pk].earned_since, NOT_CONFIRMED)
        for pk, amount in ordered.annotate(sum=-Sum("amount_minor"))
        if amount > 0
    ]
    return sorted(found, key=lambda one: (one.since, str(one.friend_id)))


def off_the_books() -> list[tuple[UUID, str, int, date | None]]:
    """Return the payouts of which the books have something else under way than is ordered (2 queries).

    Each with its currency, by how much more is ordered, and since when.
    """
    entries = Entry.objects.filter(account__kind=AccountKind.UNDER_WAY, transaction__payout_id__isnull=False)
    rows = entries.order_by().values_list("transaction__payout_id", "account__currency")
    summed = rows.annotate(sum=-Sum("amount_minor"), since=Min("booked_on")).exclude(sum=0)
    booked = {(payout, currency): (amount, since) for payout, currency, amount, since in summed}
    ordered = {
        (payout, currency): amount
        for payout, currency, amount in Payout.objects.filter(state=PayoutState.ORDERED).values_list(
            "pk", "currency", "amount_minor"
        )
    }
    return [
        (*key, ordered.get(key, 0) - booked.get(key, (0, None))[0], booked.get(key, (0, None))[1])
        for key in sorted({*booked, *ordered})
        if ordered.get(key, 0) != booked.get(key, (0, None))[0]
    ]


def transactions_of(payout: Payout) -> QuerySet[Transaction]:
    """Return what a payout has taken in of the books, with the entries on the friend's accounts, oldest first."""
    found = Transaction.objects.filter(entries__payout_line__payout=payout).distinct()
    return found.prefetch_related("entries__account").order_by("booked_on", "id")


def _held(friend_ids: Collection[UUID], currency: str) -> QuerySet[Account]:
    """Return the friends' accounts with balance, entries that are in no payout, and the day of the oldest earnings."""
    found = Account.objects.filter(friend_id__in=friend_ids, kind__in=[*_KINDS, AccountKind.CASH])
    if currency:
        found = found.filter(currency=currency)
    fresh = Entry.objects.filter(account=OuterRef("pk")).filter(~Exists(Line.objects.filter(entry=OuterRef("pk"))))
    # What a payout has brought back is as old as what it would have paid.
    back = Payout.objects.filter(pk=OuterRef("transaction__payout_id")).values("earned_since")
    earned = fresh.filter(amount_minor__lt=0).annotate(day=Coalesce(Subquery(back), "booked_on"))
    oldest = earned.order_by().values("account").annotate(oldest=Min("day")).values("oldest")
    with_money = with_balance(found).order_by("friend_id", "currency", "kind")
    return with_money.annotate(fresh=ArraySubquery(fresh.order_by("id").values("pk")), oldest=Subquery(oldest))


_KINDS = (AccountKind.FRIEND, AccountKind.PRO)


def _latest_accounts(friend_ids: Collection[UUID]) -> Iterable[BankAccount]:
    """Return where each is paid, or, where the bank has refused that, what it has refused."""
    found = BankAccount.objects.filter(friend_id__in=friend_ids).order_by("friend_id", "-entered_at", "-id")
    return found.distinct("friend_id")


def _standing(
    friend_id: UUID,
    currency: str,
    rows: list[Any],
    bank: BankAccount | None,
    connect: ConnectAccount | None,
    hold: Hold | None,
    today: date,
) -> Standing:
    balances = {AccountKind(one.kind): one.sign * one.balance_minor for one in rows}
    owed = Owed(
        balances.get(AccountKind.FRIEND, 0), balances.get(AccountKind.PRO, 0), balances.get(AccountKind.CASH, 0)
    )
    _netted, paid = settle(owed)
    since = min((one.oldest for one in rows if one.kind in _KINDS and one.oldest), default=today)
    is_overdue = since < overdue_before(today)
    account = bank if bank and bank.ended_at is None else None
    by_transfer = connect is not None and connect.is_ready
    reason = Reason.NEXT_RUN
    if hold:
        reason = Reason.TAX if hold.kind == HoldKind.TAX else Reason.HELD
    elif not by_transfer and (missing := _missing(account, bank, connect, currency)):
        reason = missing
    elif paid.minor < LEAST[currency] and not is_overdue:
        reason = Reason.SMALL
    why = hold.reason if reason == Reason.HELD and hold else bank.refusal if bank and reason == Reason.REFUSED else ""
    return Standing(
        friend_id=friend_id,
        currency=currency,
        owed=owed,
        payable_minor=paid.minor,
        since=since,
        is_overdue=is_overdue and paid.minor > 0,
        reason=reason,
        why=why,
        account=None if by_transfer else account,
        connect=connect if by_transfer else None,
        entry_ids=tuple(entry for one in rows for entry in one.fresh),
    )


def _missing(
    account: BankAccount | None, bank: BankAccount | None, connect: ConnectAccount | None, currency: str
) -> Reason | None:
    """Return what keeps money from reaching a friend who is not paid by Stripe."""
    if account is None:
        if connect is not None:
            return Reason.CONNECT
        return Reason.REFUSED if bank and bank.refusal else Reason.NO_ACCOUNT
    return None if takes(account.iban, currency) else Reason.OTHER_CURRENCY
