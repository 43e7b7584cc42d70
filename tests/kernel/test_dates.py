"""Dates as people of each language write them, alone and in a sentence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from kernel.wording.dates import Place, write_day, write_moment, write_span

SATURDAY = datetime(2026, 11, 28, 10, 55, tzinfo=UTC)
ALONE = {
    "de": "Samstag, 28. November 2026, 11:55\N{NO-BREAK SPACE}Uhr",
    "en": "Saturday, 28 November 2026, 11:55",
    "fr": "samedi 28 novembre 2026 à 11:55",
    "it": "sabato 28 novembre 2026, ore 11:55",
    "pl": "sobota, 28 listopada 2026 r., godz. 11:55",
}
LANGUAGES = ("de", "en", "fr", "it", "pl")
IN_SENTENCES = {
    Place.UNTIL: ("bis Samstag", "until Saturday", "jusqu’au samedi", "fino a sabato", "do soboty"),
    Place.BY: ("bis Samstag", "by Saturday", "avant le samedi", "entro sabato", "do soboty"),
    Place.ON: ("am Samstag", "on Saturday", "le samedi", "sabato", "w sobotę"),
    Place.FROM: ("ab Samstag", "from Saturday", "à partir du samedi", "da sabato", "od soboty"),
    Place.SINCE: ("seit Samstag", "since Saturday", "depuis le samedi", "da sabato", "od soboty"),
    Place.BEFORE: ("vor Samstag", "before Saturday", "avant le samedi", "prima di sabato", "przed sobotą"),
    Place.OF: ("vom Samstag", "of Saturday", "du samedi", "di sabato", "z soboty"),
    Place.AFTER: ("nach Samstag", "after Saturday", "après le samedi", "dopo sabato", "po sobocie"),
}


@pytest.fixture(autouse=True)
def _in_berlin() -> Iterator[None]:
    with timezone.override("Europe/Berlin"):
        yield


@pytest.mark.parametrize("language", ALONE)
def test_a_moment_alone(language: str) -> None:
    with translation.override(language):
        assert write_moment(SATURDAY) == ALONE[language]


@pytest.mark.parametrize("language", ALONE)
@pytest.mark.parametrize("place", IN_SENTENCES)
def test_a_moment_in_a_sentence(place: Place, language: str) -> None:
    at = LANGUAGES.index(language)
    weekday, phrase = ("Samstag", "Saturday", "samedi", "sabato", "sobota")[at], IN_SENTENCES[place][at]
    with translation.override(language):
        assert write_moment(SATURDAY, place=place) == ALONE[language].replace(weekday, phrase)


@pytest.mark.parametrize(
    ("language", "moment", "day", "short_day"),
    [
        ("de", "Di., 1. Dezember, 08:05\N{NO-BREAK SPACE}Uhr", "Dienstag, 1. Dezember", "Di., 1. Dezember"),
        ("en", "Tue, 1 December, 08:05", "Tuesday, 1 December", "Tue, 1 December"),
        ("fr", "mar. 1er décembre à 08:05", "mardi 1er décembre", "mar. 1er décembre"),
        ("it", "mar 1 dicembre, ore 08:05", "martedì 1 dicembre", "mar 1 dicembre"),
        ("pl", "wt., 1 grudnia, godz. 08:05", "wtorek, 1 grudnia", "wt., 1 grudnia"),
    ],
)
def test_short_forms_and_the_first_of_a_month(language: str, moment: str, day: str, short_day: str) -> None:
    with translation.override(language):
        assert write_moment(datetime(2026, 12, 1, 7, 5, tzinfo=UTC), "short_moment") == moment
        assert write_day(date(2026, 12, 1)) == day
        assert write_day(date(2026, 12, 1), "short_day") == short_day


def test_polish_says_we_before_wtorek() -> None:
    with translation.override("pl"):
        assert write_day(date(2026, 12, 1), place=Place.ON) == "we wtorek, 1 grudnia"
        assert write_day(date(2026, 12, 2), place=Place.ON) == "w środę, 2 grudnia"
        assert write_moment(SATURDAY, "short_moment", Place.UNTIL) == "do sob., 28 listopada, godz. 11:55"


def test_a_template_takes_the_phrase() -> None:
    page = Template("{% load quartett %}{{ at|moment:'by' }} / {{ at|short_moment:'from' }} / {{ none|day:'on' }}")
    with translation.override("it"):
        assert page.render(Context({"at": SATURDAY, "none": None})) == (
            "entro sabato 28 novembre 2026, ore 11:55 / da sab 28 novembre, ore 11:55 / "
        )


BARE = {
    Place.ALONE: ("{}", "{}", "{}", "{}", "{}"),
    Place.UNTIL: ("bis zum {}", "until {}", "jusqu’au {}", "fino al {}", "do {}"),
    Place.BY: ("bis zum {}", "by {}", "avant le {}", "entro il {}", "do {}"),
    Place.ON: ("am {}", "on {}", "le {}", "il {}", "{}"),
    Place.FROM: ("ab dem {}", "from {}", "à partir du {}", "dal {}", "od {}"),
    Place.SINCE: ("seit dem {}", "since {}", "depuis le {}", "dal {}", "od {}"),
    Place.BEFORE: ("vor dem {}", "before {}", "avant le {}", "prima del {}", "przed {}"),
    Place.AFTER: ("nach dem {}", "after {}", "après le {}", "dopo il {}", "po {}"),
    Place.OF: ("vom {}", "of {}", "du {}", "del {}", "z {}"),
}
WITHOUT_WEEKDAY = dict(
    zip(
        LANGUAGES,
        ("28. November 2026", "28 November 2026", "28 novembre 2026", "28 novembre 2026", "28 listopada 2026"),
        strict=True,
    )
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", BARE)
def test_a_day_without_its_weekday_in_a_sentence(place: Place, language: str) -> None:
    with translation.override(language):
        written = write_day(date(2026, 11, 28), "calendar_day", place)
    assert written == BARE[place][LANGUAGES.index(language)].format(WITHOUT_WEEKDAY[language])


@pytest.mark.parametrize("day", [8, 11])
def test_italian_elides_before_eight_and_eleven(day: int) -> None:
    with translation.override("it"):
        written = [write_day(date(2026, 12, day), "calendar_day", place) for place in (*Place,)]
    rest = f"{day} dicembre 2026"
    assert written == [
        rest,
        f"fino all'{rest}",
        f"entro l'{rest}",
        f"l'{rest}",
        f"dall'{rest}",
        f"dall'{rest}",
        f"prima dell'{rest}",
        f"dopo l'{rest}",
        f"dell'{rest}",
    ]


def test_the_day_of_a_moment_is_the_one_of_the_place() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    with translation.override("fr"):
        assert write_day(late, "calendar_day", Place.SINCE) == "depuis le 1er décembre 2026"


@pytest.mark.parametrize(
    ("span", "spans"),
    [
        (
            timedelta(days=5, hours=21),
            ("5 Tagen, 21 Stunden", "5 days, 21 hours", "5 jours, 21 heures", "5 giorni, 21 ore", "5 dni, 21 godzin"),
        ),
        (
            timedelta(days=1, hours=1),
            ("1 Tag, 1 Stunde", "1 day, 1 hour", "1 jour, 1 heure", "1 giorno, 1 ora", "1 dnia, 1 godziny"),
        ),
        (
            timedelta(hours=2, minutes=3),
            (
                "2 Stunden, 3 Minuten",
                "2 hours, 3 minutes",
                "2 heures, 3 minutes",
                "2 ore, 3 minuti",
                "2 godzin, 3 minut",
            ),
        ),
        (
            timedelta(days=64),
            ("2 Monaten", "2 months", "2 mois", "2 mesi", "2 miesięcy"),
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_span_is_declined_as_it_follows_for_and_within(
    span: timedelta, spans: tuple[str, ...], language: str
) -> None:
    with translation.override(language):
        written = write_span(SATURDAY, SATURDAY + span).replace("\N{NO-BREAK SPACE}", " ")
    assert written.startswith(spans[LANGUAGES.index(language)])
