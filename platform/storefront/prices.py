"""Packages with their price in one country."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.shown import ShownPackage, ShownPrice
from kernel.clock import now
from places.countries import vat_bp


@dataclass(frozen=True)
class Priced:
    """A package with its price, or None where it is not sold in the country; the VAT rate in basis points."""

    package: ShownPackage
    price: ShownPrice | None
    vat_bp: int


def priced(packages: Iterable[ShownPackage], country: str) -> list[Priced]:
    """Return the packages with their prices in a country."""
    rate = vat_bp(country, now().date())
    return [Priced(package, package.price_in(country), rate) for package in packages]
