"""Prices, commission and ways to pay."""

from datetime import date

from billing.methods import CARD, METHODS, PaymentMethod
from catalog.models import Package
from catalog.selectors import price_in
from kernel.money import Split
from places.countries import vat_bp
from stripe_gateway.selectors import takes_cards


def quote(*, package: Package, country: str, commission_bp: int, on: date) -> Split:
    """Return the final price of a package in a country and how it is split, with the VAT of a day (R12).

    Raises NoPriceInCountry of the catalogue.
    """
    price = price_in(package, country)
    return Split(
        currency=price.currency,
        price_minor=price.amount_minor,
        commission_bp=commission_bp,
        vat_bp=vat_bp(country, on),
    )


def available_methods(country: str) -> list[PaymentMethod]:
    """Return the ways to pay in a country; a card only where this installation takes cards."""
    left_out = None if takes_cards() else CARD
    return [method for method in METHODS.values() if country in method.countries and method != left_out]
