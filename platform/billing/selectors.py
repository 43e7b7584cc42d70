"""Prices, commission and ways to pay."""

from dataclasses import dataclass
from datetime import date

from billing.methods import CARD, METHODS, PaymentMethod
from catalog.models import Package
from catalog.selectors import price_in
from kernel.money import included_vat, share_bp
from places.countries import vat_bp
from stripe_gateway.selectors import takes_cards


@dataclass(frozen=True)
class Quote:
    """The final price of a package in a country, and its three figures, in minor units (R12)."""

    currency: str
    price_minor: int
    vat_bp: int
    vat_minor: int
    commission_bp: int
    commission_minor: int

    @property
    def friend_minor(self) -> int:
        """What the friend gets."""
        return self.price_minor - self.commission_minor


def quote(*, package: Package, country: str, commission_bp: int, on: date) -> Quote:
    """Return price, VAT and commission of a package; the commission is a share of the gross price.

    Raises NoPriceInCountry of the catalogue.
    """
    price = price_in(package, country)
    rate = vat_bp(country, on)
    return Quote(
        currency=price.currency,
        price_minor=price.amount_minor,
        vat_bp=rate,
        vat_minor=included_vat(price.amount_minor, rate),
        commission_bp=commission_bp,
        commission_minor=share_bp(price.amount_minor, commission_bp),
    )


def available_methods(country: str) -> list[PaymentMethod]:
    """Return the ways to pay in a country; a card only where this installation takes cards."""
    left_out = None if takes_cards() else CARD
    return [method for method in METHODS.values() if country in method.countries and method != left_out]
