"""A partner's month out of the books: what came in, who got it, and why. Run on the platform.

Each transaction about the partner stands whole in it, so what came in is always what became of it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum

from ledger.kinds import AccountKind, Event
from ledger.models import Entry

# What an entry says to a partner, by the account that it stands on.
CAME_IN = (AccountKind.STRIPE, AccountKind.SUMUP, AccountKind.BANK, AccountKind.CASH, AccountKind.VOUCHERS,
           AccountKind.DISPUTED)  # fmt: skip
FRIENDS = (AccountKind.FRIEND, AccountKind.PRO)
KEPT = (AccountKind.PLATFORM,)
VAT = (AccountKind.VAT,)
SHARE = (AccountKind.PARTNER,)
# What the platform has borne of it.
BORNE = (AccountKind.GUARANTEE, AccountKind.BONUSES, AccountKind.ROUNDING, AccountKind.FEES)
OPEN = (AccountKind.CUSTOMER,)


@dataclass(frozen=True)
class Column:
    """A sum of a month, in minor units: positive as its name says it. ``sign`` turns debits into that."""

    name: str
    kinds: tuple[AccountKind, ...]
    sign: int


# What came in, and what customers still owe of it, is what all the others got, less what the platform has borne.
COLUMNS = (
    Column("came_in", CAME_IN, 1),
    Column("open", OPEN, 1),
    Column("friends", FRIENDS, -1),
    Column("kept", KEPT, -1),
    Column("vat", VAT, -1),
    Column("share", SHARE, -1),
    Column("borne", BORNE, 1),
)


@dataclass
class Month:
    """The sums of a month in one currency, and for each of them what brought it: event and amount, in minor units.

    ``fees_minor`` is what providers kept of it, which the platform pays of what it has kept.
    """

    currency: str
    fees_minor: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    why: dict[str, list[tuple[Event, int]]] = field(default_factory=dict)


def months_of_partner(tenant_id: int, *, since: date, until: date) -> list[Month]:
    """Return the sums of a partner's month in each currency in which something was booked (1 query)."""
    rows = _entries(tenant_id, since, until, with_fees=True).values_list(
        "account__currency", "transaction__event", "account__kind"
    )
    months: dict[str, Month] = {}
    for currency, event, kind, amount in rows.annotate(sum=Sum("amount_minor")).order_by("account__currency"):
        month = months.setdefault(currency, Month(currency, sums={one.name: 0 for one in COLUMNS}))
        if event == Event.FEE_CHARGED:
            month.fees_minor += amount if kind == AccountKind.FEES else 0
            continue
        column = next((one for one in COLUMNS if kind in one.kinds), None)
        assert column is not None, "payouts are about no partner"
        month.sums[column.name] += column.sign * amount
        month.why.setdefault(column.name, []).append((Event(event), column.sign * amount))
    for month in months.values():
        month.why = {name: _added_up(found) for name, found in month.why.items()}
    return list(months.values())


def orders_of_month(tenant_id: int, *, since: date, until: date, currency: str) -> QuerySet[Any, dict[str, Any]]:
    """Return the month's orders with the same sums, latest first: rows of ``order_id``, ``on`` and the columns."""
    found = _entries(tenant_id, since, until).filter(account__currency=currency)
    sums = {
        f"{one.name}_minor": Sum("amount_minor", filter=Q(account__kind__in=one.kinds), default=0) * one.sign
        for one in COLUMNS
    }
    rows = found.values("transaction__order_id").annotate(on=Max("booked_on"), **sums)
    return rows.order_by("-on", "transaction__order_id")


def _entries(tenant_id: int, since: date, until: date, *, with_fees: bool = False) -> QuerySet[Entry]:
    found = Entry.objects.filter(transaction__tenant_id=tenant_id, transaction__booked_on__range=(since, until))
    return found if with_fees else found.exclude(transaction__event=Event.FEE_CHARGED)


def _added_up(found: list[tuple[Event, int]]) -> list[tuple[Event, int]]:
    """Return each event once, the largest amounts first; what comes to nothing is left out."""
    sums: dict[Event, int] = {}
    for event, amount in found:
        sums[event] = sums.get(event, 0) + amount
    return sorted(((event, amount) for event, amount in sums.items() if amount), key=lambda one: -abs(one[1]))
