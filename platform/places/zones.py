"""Time zones to choose from, in the reader's language: those of our countries, and of where friends travel."""

from babel.core import Locale
from babel.dates import get_timezone_location
from django.utils.translation import get_language

from places.countries import COUNTRIES

TRAVEL = (
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Amsterdam",
    "Europe/Prague",
    "Europe/Athens",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "America/New_York",
)


def zone_choices(*kept: str) -> list[tuple[str, str]]:
    """Return (zone, name): our countries by their names, then cities by theirs; whatever is ``kept`` is among them."""
    locale = Locale.parse(get_language() or "en")
    ours = {country.time_zone: str(country.name) for country in COUNTRIES.values()}
    others = {zone for zone in (*TRAVEL, *kept) if zone} - set(ours)
    cities = [(zone, get_timezone_location(zone, locale=locale, return_city=True)) for zone in others]
    return [*ours.items(), *sorted(cities, key=lambda pair: pair[1])]
