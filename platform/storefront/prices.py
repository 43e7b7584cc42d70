"""Packages with their price in one country."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.errors import NoPriceInCountry
from catalog.models import Package, Price
from catalog.selectors import price_in
from kernel.clock import now
from places.countries import vat_bp


@dataclass(frozen=True)
class Priced:
    """A package with its price, or None where it is not sold in the country; the VAT rate in basis points."""

    package: Package
    price: Price | None
    vat_bp: int


def priced(packages: Iterable[Package], country: str) -> list[Priced]:
    """Return the packages with their prices in a country; the prices are already fetched."""
    rate = vat_bp(country, now().date())
    return [Priced(package, _price(package, country), rate) for package in packages]


def _price(package: Package, country: str) -> Price | None:
    try:
        return price_in(package, country)
    except NoPriceInCountry:
        return None
