"""Money, weeks, phones, distances: small rules that everything stands on (R12)."""

from datetime import date
from math import asin, atan2, cos, degrees, radians, sin

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from kernel.geo import EARTH_RADIUS_M, arc_m, box_around, chord_m, degrees_of, great_circle_m, on_sphere
from kernel.money import format_money
from kernel.slots import WHOLE_WEEK, Part, bit, week_of
from kernel.typed.phones import NotAPhoneNumber, clean_phone
from kernel.wording.texts import labelled, pick


@pytest.mark.parametrize(
    ("language", "country", "currency", "written"),
    [
        ("de", "CH", "CHF", "CHF 1’234.50"),
        ("de", "DE", "EUR", "1.234,50 €"),
        ("pl", "PL", "PLN", "1 234,50 zł"),
        ("pl", "CH", "CHF", "1 234,50 CHF"),
        ("fr", "CH", "CHF", "CHF 1’234.50"),
        ("en", "CH", "CHF", "CHF 1’234.50"),
        ("en", "DE", "EUR", "€1,234.50"),
        ("en", "AT", "EUR", "€1,234.50"),
        ("en", "PL", "PLN", "PLN 1,234.50"),
    ],
)
def test_money_is_written_as_people_of_the_country_do(language: str, country: str, currency: str, written: str) -> None:
    found = format_money(123_450, currency, language=language, country=country)

    assert found.replace("\N{NO-BREAK SPACE}", " ") == written


@given(some.sets(some.tuples(some.dates(date(2026, 1, 1), date(2027, 1, 1)), some.sampled_from(Part.values))))
def test_a_week_has_the_bits_of_its_windows_and_no_others(windows: set[tuple[date, int]]) -> None:
    week = week_of(windows)

    assert week & ~WHOLE_WEEK == 0
    for weekday in range(7):
        for part in Part.values:
            is_wished = any(day.weekday() == weekday and chosen == part for day, chosen in windows)
            assert bool(week & bit(weekday, part)) == is_wished


@given(some.floats(min_value=0, max_value=200_000))
def test_chord_and_arc_are_each_others_inverse(metres: float) -> None:
    assert abs(arc_m(chord_m(metres)) - metres) < 0.01


latitudes, longitudes = some.floats(min_value=45, max_value=56), some.floats(min_value=5, max_value=25)


@given(latitudes, longitudes)
def test_degrees_of_a_position_are_those_it_was_made_of(latitude: float, longitude: float) -> None:
    found = degrees_of(on_sphere(latitude, longitude))

    assert found == pytest.approx((latitude, longitude), abs=1e-7)


@given(latitudes, longitudes, some.floats(min_value=0, max_value=359), some.sampled_from((500, 5_000, 50_000)))
def test_a_box_holds_the_circle_and_is_no_wider(latitude: float, longitude: float, bearing: float, reach: int) -> None:
    south, north, west, east = box_around(on_sphere(latitude, longitude), reach)
    there = _walk(latitude, longitude, bearing, reach * 0.999)

    assert south < there[0] < north
    assert west < there[1] < east
    for corner in ((south, longitude), (north, longitude), (latitude, west), (latitude, east)):
        assert great_circle_m(latitude, longitude, *corner) == pytest.approx(reach, rel=0.01)


def _walk(latitude: float, longitude: float, bearing: float, metres: float) -> tuple[float, float]:
    """Return where one arrives on the great circle that leaves by a bearing in degrees."""
    phi, theta, angle = radians(latitude), radians(bearing), metres / EARTH_RADIUS_M
    there = asin(sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(theta))
    turned = atan2(sin(theta) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(there))
    return degrees(there), longitude + degrees(turned)


def test_berlin_to_zurich() -> None:
    # The great circle between the two postal codes of the data is 671 km long.
    assert abs(great_circle_m(52.5323, 13.3846, 47.3717, 8.5423) - 671_000) < 3_000


@pytest.mark.parametrize(
    ("raw", "country", "kept"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("044 123 45 67", "CH", "+41441234567"),
        ("+48 22 123 45 67", "DE", "+48221234567"),
    ],
)
def test_phones_are_kept_in_one_form(raw: str, country: str, kept: str) -> None:
    assert clean_phone(raw, country) == kept


@pytest.mark.parametrize("raw", ["", "12", "abc", "+999 1"])
def test_what_is_no_phone_is_refused(raw: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        clean_phone(raw, "DE")


def test_a_missing_language_falls_back() -> None:
    assert pick({"de": "Haus", "en": "house"}, "pl") == "house"
    assert pick({"de": "Haus"}, "pl") == "Haus"
    assert pick({}, "pl") == ""


def test_a_label_has_the_colon_of_its_language_and_a_question_none() -> None:
    with translation.override("fr"):
        assert labelled("Code postal", "inconnu") == "Code postal\N{NO-BREAK SPACE}: inconnu"
    with translation.override("en"):
        assert labelled("Postal code", "unknown") == "Postal code: unknown"
        assert labelled("Which router?", "Please answer.") == "Which router? Please answer."
