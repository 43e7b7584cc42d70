"""Time zones as friends choose them: few, and by names in their language (R26)."""

from django.utils import translation

from places.countries import COUNTRIES
from places.zones import zone_choices


def test_our_countries_come_first_by_name_and_few_cities_after_them() -> None:
    with translation.override("pl"):
        choices = zone_choices("Europe/Berlin")

    assert [name for _zone, name in choices[:4]] == ["Szwajcaria", "Niemcy", "Austria", "Polska"]
    assert len(choices) < 20
    assert ("Europe/Rome", "Rzym") in choices
    assert len({country.time_zone for country in COUNTRIES.values()}) == 4


def test_what_somebody_has_chosen_before_stays_among_them() -> None:
    assert "Asia/Tokyo" in dict(zone_choices("Europe/Berlin", "Asia/Tokyo"))
