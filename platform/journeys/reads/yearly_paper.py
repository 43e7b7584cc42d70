"""A friend's year for the tax office, out of the books: jobs, earnings, commission and what arrived, by month (R19)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.selectors import received_by_month, worker_figures

MONTHS = range(1, 13)


@dataclass(frozen=True)
class MonthOfYear:
    """A month in one currency, in minor units. ``cash_minor`` of what was earned customers have given in cash."""

    month: date
    jobs: int
    gross_minor: int
    fees_minor: int
    net_minor: int
    paid_minor: int
    cash_minor: int


@dataclass(frozen=True)
class YearInCurrency:
    """Twelve months in one currency and their sums."""

    currency: str
    months: list[MonthOfYear]

    @property
    def total(self) -> MonthOfYear:
        """The sums of the year, as a month that begins it."""
        names = ("jobs", "gross_minor", "fees_minor", "net_minor", "paid_minor", "cash_minor")
        sums = {name: sum(getattr(one, name) for one in self.months) for name in names}
        return MonthOfYear(month=self.months[0].month, **sums)


def year_of(friend_id: UUID, year: int) -> list[YearInCurrency]:
    """Return a friend's year in each currency in which something was earned or arrived (3 queries). On the platform."""
    since, until = date(year, 1, 1), date(year, 12, 31)
    earned = {
        (one.currency, one.begins): one
        for one in worker_figures(unit="month", since=since, until=until, friend_id=friend_id)
    }
    arrived = received_by_month(friend_id, since=since, until=until)
    found = []
    for currency in sorted({currency for currency, _month in (*earned, *arrived)}):
        months = []
        for number in MONTHS:
            month = date(year, number, 1)
            figures, (paid, cash) = earned.get((currency, month)), arrived.get((currency, month), (0, 0))
            months.append(
                MonthOfYear(
                    month=month,
                    jobs=figures.jobs if figures else 0,
                    gross_minor=figures.gross_minor if figures else 0,
                    fees_minor=figures.fees_minor if figures else 0,
                    net_minor=figures.net_minor if figures else 0,
                    paid_minor=paid,
                    cash_minor=cash,
                )
            )
        found.append(YearInCurrency(currency, months))
    return found
