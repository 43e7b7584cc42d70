"""Reads of places."""

from dataclasses import dataclass

from django.db.models import QuerySet

from kernel.database.written_once import written_once
from places.countries import country_by_code
from places.errors import UnknownPostalCode
from places.models import PostalCode


@dataclass(frozen=True)
class Place:
    """A postal code with the name and the coordinates (degrees) of its place."""

    country: str
    code: str
    name: str
    latitude: float
    longitude: float


def normalise_code(country: str, raw: str) -> str:
    """Return a postal code as the country writes it: ``PL 00001`` becomes ``00-001``.

    Raises UnknownPostalCode where it cannot be one, UnknownCountry where we do not work.
    """
    code = raw.strip().upper().removeprefix(country).lstrip("- ").replace(" ", "")
    if country == "PL" and len(code) == 5 and code.isdigit():
        code = f"{code[:2]}-{code[2:]}"
    if not country_by_code(country).postal_code.match(code):
        raise UnknownPostalCode
    return code


def find_place(country: str, raw: str) -> Place:
    """Return the place of a postal code (1 query).

    Raises UnknownPostalCode or UnknownCountry.
    """
    row = next(iter(_rows_of(country, normalise_code(country, raw))), None)
    if row is None:
        raise UnknownPostalCode
    return Place(country, row.code, row.name, row.latitude, row.longitude)


@written_once
def _rows_of(country: str, code: str) -> QuerySet[PostalCode]:
    return PostalCode.objects.filter(country=country, code=code).order_by("pk")[:1]
