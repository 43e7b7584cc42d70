"""The three parts of a day in which people wish for and offer help, and their 21-bit week.

A week is an integer: bit ``weekday * 3 + part`` (Monday is 0). Two weeks overlap where ``a & b`` is not 0,
which PostgreSQL answers without a join.
"""

from collections.abc import Iterable
from datetime import date, time

from django.db import models
from django.utils.translation import gettext_lazy as _

PARTS_A_DAY = 3
DAYS_A_WEEK = 7
WHOLE_WEEK = 2 ** (DAYS_A_WEEK * PARTS_A_DAY) - 1


class Part(models.IntegerChoices):
    """Part of a day; the labels carry the hours."""

    MORNING = 0, _("Morning, 8 to 12")
    AFTERNOON = 1, _("Afternoon, 12 to 17")
    EVENING = 2, _("Evening, 17 to 21")


HOURS: dict[int, tuple[time, time]] = {
    Part.MORNING: (time(8), time(12)),
    Part.AFTERNOON: (time(12), time(17)),
    Part.EVENING: (time(17), time(21)),
}


def bit(weekday: int, part: int) -> int:
    """Return the bit of a part of a weekday (Monday is 0)."""
    return 1 << (weekday * PARTS_A_DAY + part)


def week_of(windows: Iterable[tuple[date, int]]) -> int:
    """Return the week with the bits of all given (day, part) pairs set."""
    week = 0
    for day, part in windows:
        week |= bit(day.weekday(), part)
    return week
