"""Dates as people of each language write them, and as they stand in a sentence; hours always in 24.

A date is never glued behind a preposition in a message: Polish declines it, French and Italian contract it. So a
message takes the whole phrase, "until Saturday, 28 November 2026, 11:55", from ``write_moment`` or ``write_day``. The
same holds for "for 5 days" and "within 5 days": German and Polish decline what ``write_span`` writes.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import get_language, npgettext_lazy

_DAYS = {"de": "EEEE, d. MMMM", "en": "EEEE, d MMMM", "fr": "EEEE d MMMM", "it": "EEEE d MMMM", "pl": "EEEE, d MMMM"}
_YEARS = {"pl": " y 'r.'"}
_TIMES = {"de": ", HH:mm\N{NO-BREAK SPACE}'Uhr'", "fr": " 'à' HH:mm", "it": ", 'ore' HH:mm", "pl": ", 'godz.' HH:mm"}


_SPANS = {
    "year": npgettext_lazy("after “for” or “within”", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("after “for” or “within”", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("after “for” or “within”", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("after “for” or “within”", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("after “for” or “within”", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy("after “for” or “within”", "%(num)d minute", "%(num)d minutes", "num"),
}


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
    OF = "of"


_PLACES = {
    "de": {
        "until": "bis {}",
        "by": "bis {}",
        "on": "am {}",
        "from": "ab {}",
        "since": "seit {}",
        "before": "vor {}",
        "after": "nach {}",
        "of": "vom {}",
    },
    "en": {
        "until": "until {}",
        "by": "by {}",
        "on": "on {}",
        "from": "from {}",
        "since": "since {}",
        "before": "before {}",
        "after": "after {}",
        "of": "of {}",
    },
    "fr": {
        "until": "jusqu’au {}",
        "by": "avant le {}",
        "on": "le {}",
        "from": "à partir du {}",
        "since": "depuis le {}",
        "before": "avant le {}",
        "after": "après le {}",
        "of": "du {}",
    },
    "it": {
        "until": "fino a {}",
        "by": "entro {}",
        "on": "{}",
        "from": "da {}",
        "since": "da {}",
        "before": "prima di {}",
        "after": "dopo {}",
        "of": "di {}",
    },
    "pl": {
        "until": "do {}",
        "by": "do {}",
        "on": "w {}",
        "from": "od {}",
        "since": "od {}",
        "before": "przed {}",
        "after": "po {}",
        "of": "z {}",
    },
}
# What differs where the day stands without its weekday.
_BARE_PLACES = {
    "de": {"by": "bis zum {}", "until": "bis zum {}", "from": "ab dem {}", "since": "seit dem {}"}
    | {"before": "vor dem {}", "after": "nach dem {}"},
    "it": {"until": "fino al {}", "by": "entro il {}", "on": "il {}", "from": "dal {}", "since": "dal {}"}
    | {"before": "prima del {}", "after": "dopo il {}", "of": "del {}"},
    "pl": {"on": "{}"},
}
# Italian articles before the eighth and the eleventh: "dal 9", but "dall'8" and "l'11".
_ITALIAN_VOWELS = {8, 11}
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
    """Write a day: ``day`` with its weekday, ``short_day`` shortened, ``calendar_day`` without, but with its year.

    Of a moment, the day is meant that it is in the time zone at hand.
    """
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    year = " y" if style == "calendar_day" else ""
    return _write(datetime(day.year, day.month, day.day), style, year, place)


def write_span(begin: datetime, end: datetime) -> str:
    """Write how much time lies between two moments, in two units at most, as it follows "for" and "within"."""
    return timesince(begin, end, time_strings=_SPANS)  # type: ignore[arg-type]  # Django's own are lazy too


def _write(value: datetime, style: str, rest: str, place: str) -> str:
    return _written(value.replace(tzinfo=None), style, rest, place, _language())


@lru_cache(maxsize=4096)
def _written(value: datetime, style: str, rest: str, place: str, language: str) -> str:
    pattern = _pattern(language, style)
    text = format_datetime(value, pattern + rest, locale=language)
    if language == "fr" and value.day == 1:
        text = re.sub(r"\b1 ", "1er ", text, count=1)
    if place == Place.ALONE:
        return text
    if style == "calendar_day":
        return _bare_in_sentence(text, language, Place(place), value.day)
    return _in_sentence(text, language, Place(place))


def _pattern(language: str, style: str) -> str:
    pattern = _DAYS[language]
    if style == "calendar_day":
        return pattern[pattern.index("d") :]
    return pattern.replace("EEEE", "EEE") if style.startswith("short") else pattern


def _bare_in_sentence(text: str, language: str, place: Place, day: int) -> str:
    phrase = _BARE_PLACES.get(language, {}).get(place) or _PLACES[language][place]
    if language == "it" and day in _ITALIAN_VOWELS:
        phrase = phrase.replace("il {}", "l'{}").replace("l {}", "ll'{}")
    return phrase.format(text)


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
