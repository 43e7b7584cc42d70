"""Dates as people of each language write them, with the weekday; hours always in 24."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

_FORMATS = {
    "moment": {
        "de": "l, j. F Y, H:i",
        "en": "l, j F Y, H:i",
        "fr": "l j F Y, H:i",
        "it": "l j F Y, H:i",
        "pl": "l, j E Y, H:i",
    },
    "short_moment": {
        "de": "D, j. F, H:i",
        "en": "D, j F, H:i",
        "fr": "D j F, H:i",
        "it": "D j F, H:i",
        "pl": "D, j E, H:i",
    },
    "day": {"de": "l, j. F", "en": "l, j F", "fr": "l j F", "it": "l j F", "pl": "l, j E"},
    "short_day": {"de": "D, j. F", "en": "D, j F", "fr": "D j F", "it": "D j F", "pl": "D, j E"},
}


def write_moment(at: datetime | None, style: str = "moment") -> str:
    """Write a moment in the time zone at hand: ``moment`` is long, ``short_moment`` short."""
    return _write(timezone.localtime(at), style) if at else ""


def write_day(day: date | None, style: str = "day") -> str:
    """Write a day: ``day`` is long, ``short_day`` short."""
    return _write(day, style) if day else ""


def _write(value: date, style: str) -> str:
    formats = _FORMATS[style]
    return date_format(value, formats.get(get_language() or "en", formats["en"]))
