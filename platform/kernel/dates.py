"""Dates as people of each language write them, and as they stand in a sentence; hours always in 24.

A date is never glued behind a preposition in a message: Polish declines it, French and Italian contract it. So a
message takes the whole phrase, "until Saturday, 28 November 2026, 11:55", from ``write_moment`` or ``write_day``.
"""

from datetime import date, datetime
from enum import StrEnum

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.translation import get_language

_DAYS = {"de": "EEEE, d. MMMM", "en": "EEEE, d MMMM", "fr": "EEEE d MMMM", "it": "EEEE d MMMM", "pl": "EEEE, d MMMM"}
_YEARS = {"pl": " y 'r.'"}
_TIMES = {"de": ", HH:mm\N{NO-BREAK SPACE}'Uhr'", "fr": " 'à' HH:mm", "it": ", 'ore' HH:mm", "pl": ", 'godz.' HH:mm"}


class Place(StrEnum):
    """Where a date stands in a sentence."""

    ALONE = "alone"
    UNTIL = "until"
    BY = "by"
    ON = "on"
    FROM = "from"
    SINCE = "since"
    BEFORE = "before"
    AFTER = "after"


_PLACES = {
    "de": {
        "until": "bis {}",
        "by": "bis {}",
        "on": "am {}",
        "from": "ab {}",
        "since": "seit {}",
        "before": "vor {}",
        "after": "nach {}",
    },
    "en": {
        "until": "until {}",
        "by": "by {}",
        "on": "on {}",
        "from": "from {}",
        "since": "since {}",
        "before": "before {}",
        "after": "after {}",
    },
    "fr": {
        "until": "jusqu’au {}",
        "by": "avant le {}",
        "on": "le {}",
        "from": "à partir du {}",
        "since": "depuis le {}",
        "before": "avant le {}",
        "after": "après le {}",
    },
    "it": {
        "until": "fino a {}",
        "by": "entro {}",
        "on": "{}",
        "from": "da {}",
        "since": "da {}",
        "before": "prima di {}",
        "after": "dopo {}",
    },
    "pl": {
        "until": "do {}",
        "by": "do {}",
        "on": "w {}",
        "from": "od {}",
        "since": "od {}",
        "before": "przed {}",
        "after": "po {}",
    },
}
# Polish days of the week as they follow "do" and "od", "w", "po", and "przed".
_DECLINED = {
    "poniedziałek": ("poniedziałku", "poniedziałek", "poniedziałku", "poniedziałkiem"),
    "wtorek": ("wtorku", "wtorek", "wtorku", "wtorkiem"),
    "środa": ("środy", "środę", "środzie", "środą"),
    "czwartek": ("czwartku", "czwartek", "czwartku", "czwartkiem"),
    "piątek": ("piątku", "piątek", "piątku", "piątkiem"),
    "sobota": ("soboty", "sobotę", "sobocie", "sobotą"),
    "niedziela": ("niedzieli", "niedzielę", "niedzieli", "niedzielą"),
}
_CASES = {Place.ON: 1, Place.AFTER: 2, Place.BEFORE: 3}


def write_moment(at: datetime | None, style: str = "moment", place: str = Place.ALONE) -> str:
    """Write a moment in the time zone at hand: ``moment`` is long, ``short_moment`` short."""
    if at is None:
        return ""
    language = _language()
    year = "" if style == "short_moment" else _YEARS.get(language, " y")
    return _write(timezone.localtime(at), style, year + _TIMES.get(language, ", HH:mm"), place)


def write_day(day: date | None, style: str = "day", place: str = Place.ALONE) -> str:
    """Write a day: ``day`` is long, ``short_day`` short."""
    return _write(datetime(day.year, day.month, day.day), style, "", place) if day else ""


def _write(value: datetime, style: str, rest: str, place: str) -> str:
    language = _language()
    pattern = _DAYS[language].replace("EEEE", "EEE") if style.startswith("short") else _DAYS[language]
    text = format_datetime(value.replace(tzinfo=None), pattern + rest, locale=language)
    if language == "fr" and value.day == 1:
        text = text.replace(" 1 ", " 1er ", 1)
    if place == Place.ALONE:
        return text
    return _in_sentence(text, language, Place(place))


def _in_sentence(text: str, language: str, place: Place) -> str:
    phrase = _PLACES[language][place]
    if language == "pl":
        weekday = text.partition(",")[0]
        declined = _DECLINED.get(weekday, (weekday,) * 4)[_CASES.get(place, 0)]
        phrase = phrase.replace("w {}", "we {}") if declined == "wtorek" or weekday == "wt." else phrase
        text = declined + text.removeprefix(weekday)
    return phrase.format(text)


def _language() -> str:
    language = get_language()
    return language if language in _DAYS else "en"
