"""Which bills machines read as well, and how: of companies, where the seller has said all that the norms ask for."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from billing.models import Bill
from tenants.settings.contacts import Contact
from tenants.settings.sellers import NEEDED, Seller, clean_vat_id_of

# Where companies and authorities take EN 16931.
EURO_COUNTRIES = frozenset({"AT", "DE"})


class Format(models.TextChoices):
    """What a bill is for a machine. Factur-X lies inside the PDF, the others are files of their own."""

    FACTUR_X = "factur_x", "Factur-X"
    X_RECHNUNG = "x_rechnung", "XRechnung"
    FA3 = "fa3", "FA(3)"


def formats_of(bill: Bill, *, contact: Contact) -> frozenset[Format]:
    """Return how machines read a bill; ``contact`` is who answers questions about it.

    Without the seller's address and VAT number there is nothing that a machine would take, and the PDF is alone.
    """
    if not bill.buyer.get("company") or not _is_named(bill.seller):
        return frozenset()
    if bill.country == "PL" and bill.currency == "PLN" and bill.seller["country"] == "PL":
        return frozenset({Format.FA3})
    if bill.country not in EURO_COUNTRIES or bill.currency != "EUR":
        return frozenset()
    # German authorities want to know whom to ask, in both ways.
    if bill.buyer.get("leitweg_id") and contact.phone and contact.email:
        return frozenset({Format.FACTUR_X, Format.X_RECHNUNG})
    return frozenset({Format.FACTUR_X})


def vat_id_of(seller: Mapping[str, Any]) -> str:
    """Return a seller's VAT number as machines take it; nothing where there is none, or none that is right."""
    return clean_vat_id_of(Seller(**seller))


def _is_named(seller: Mapping[str, Any]) -> bool:
    return all(seller[part] for part in NEEDED) and bool(vat_id_of(seller))
