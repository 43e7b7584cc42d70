"""What a friend earns, out of the platform's books: open, on its way, paid; by month and by job (R12, R19)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dispatch.models import Job
from dispatch.selectors import jobs_by_id
from ledger.kinds import AccountKind, Event
from ledger.selectors import accounts_of_friend, earned_by_job, earned_by_month, paid_out, with_balance

# What a job has brought without having been done, by what was booked; the first that is there tells it.
WITHOUT_WORK = (
    Event.WORK_TAKEN_BACK,
    Event.DIAGNOSIS_EARNED,
    Event.DIAGNOSIS_BY_PARTNER,
    Event.NO_SHOW_FEE,
    Event.CANCELLATION_FEE,
)


@dataclass
class Purse:
    """A friend's money in one currency, in minor units; ``months`` is what was earned by the month's first day.

    ``open_minor`` is what they are owed, ``cash_minor`` the customers' cash in their hands, to be set off against it.
    """

    currency: str
    open_minor: int = 0
    under_way_minor: int = 0
    paid_minor: int = 0
    cash_minor: int = 0
    months: dict[date, int] = field(default_factory=dict)

    @property
    def debt_minor(self) -> int:
        """What the friend has in cash beyond what they are owed."""
        return max(self.cash_minor - self.open_minor, 0)

    def year_minor(self, year: int) -> int:
        """Return what was earned in a year."""
        return sum(amount for month, amount in self.months.items() if month.year == year)


@dataclass(frozen=True)
class JobEarned:
    """What a job has brought a friend: price, commission, tip, net. ``why`` is the event where it was not for the work.

    The tip is part of the net.
    """

    job: Job
    currency: str
    on: date
    price_minor: int
    commission_minor: int
    tip_minor: int
    net_minor: int
    why: str


def purses_of(friend_id: UUID) -> list[Purse]:
    """Return the friend's money in each currency in which something was ever booked (3 queries). On the platform."""
    purses: dict[str, Purse] = {}
    for account in with_balance(accounts_of_friend(friend_id)):
        purse = purses.setdefault(account.currency, Purse(account.currency))
        held = account.sign * account.balance_minor  # type: ignore[attr-defined]  # annotated
        if account.kind == AccountKind.CASH:
            purse.cash_minor += held
        else:
            purse.open_minor += held
    for currency, (paid, under_way) in paid_out(friend_id).items():
        purses[currency].paid_minor, purses[currency].under_way_minor = paid, under_way
    for currency, month, amount in earned_by_month(friend_id):
        purses[currency].months[month] = amount
    return list(purses.values())


def jobs_earned(friend_id: UUID, year: int) -> QuerySet[Any, dict[str, Any]]:
    """Return the rows of a year's jobs, latest first, to be cut into pages. On the platform."""
    return earned_by_job(friend_id, since=date(year, 1, 1), until=date(year, 12, 31))


def with_jobs(rows: Iterable[dict[str, Any]]) -> list[JobEarned]:
    """Return rows of ``jobs_earned`` with their jobs (1 query)."""
    found = list(rows)
    jobs = jobs_by_id(row["job_id"] for row in found)
    return [
        JobEarned(
            job=jobs[row["job_id"]],
            currency=row["currency"],
            on=row["on"],
            price_minor=row["price_minor"],
            commission_minor=row["commission_minor"],
            tip_minor=row["tip_minor"],
            net_minor=row["net_minor"],
            why=next((event for event in WITHOUT_WORK if event in row["events"]), ""),
        )
        for row in found
    ]
