"""A year's earnings as twelve bars and as rows of a table; the template only draws them."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from journeys.reads.friend_earnings import Purse

WIDTH, HEIGHT, HEAD = 480, 150, 8
GROUND = HEIGHT - 24
MONTHS = range(1, 13)
BAR_OF_MONTH = 0.62


@dataclass(frozen=True)
class Bar:
    """A month in the coordinates of the drawing, with its name, its letter under the bar, and what was earned."""

    month: date
    letter: str
    amount_minor: int
    x: float
    y: float
    width: float
    height: float
    middle: float


def bars_of(purse: Purse, year: int) -> list[Bar]:
    """Return the bars of a year; a month in which more was taken back than earned has none."""
    amounts = {month: purse.months.get(date(year, month, 1), 0) for month in MONTHS}
    most = max(*amounts.values(), 1)
    return [_bar(date(year, month, 1), amount, most) for month, amount in amounts.items()]


def _bar(month: date, amount: int, most: int) -> Bar:
    room = WIDTH / len(MONTHS)
    middle = room * (month.month - 0.5)
    width, height = room * BAR_OF_MONTH, (GROUND - HEAD) * max(amount, 0) / most
    return Bar(
        month=month,
        letter=format_date(month, "LLLLL", locale=get_language() or "en"),
        amount_minor=amount,
        x=round(middle - width / 2, 1),
        y=round(GROUND - height, 1),
        width=round(width, 1),
        height=round(height, 1),
        middle=round(middle, 1),
    )
