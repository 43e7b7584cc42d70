"""How far from today a day may lie that somebody enters: beyond, the year is mistyped."""

from datetime import date

from crowd.eligibility import years_before
from crowd.errors import TooFarAhead

MOST_YEARS_AHEAD = 10
OLDEST_AGE = 110


def is_too_far_ahead(day: date, *, today: date) -> bool:
    """Say whether a day lies more than ten years ahead."""
    return day > years_before(today, -MOST_YEARS_AHEAD)


def check_horizon(day: date, *, today: date) -> None:
    """Refuse a day more than ten years ahead.

    Raises TooFarAhead.
    """
    if is_too_far_ahead(day, today=today):
        raise TooFarAhead
