"""Who sells in a country, as bills name them: a partner, the platform or the friend, with address, VAT and account.

A partner's ``sellers`` are ``{country: {part: value}}``, with the parts of ``Seller``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from kernel.typed.ibans import SWISS_ACCOUNTS, is_qr_iban
from kernel.typed.vat_ids import clean_vat_id
from places.countries import COUNTRIES
from tenants.models import Tenant

DAYS = (0, 120)
# What a bill needs of a seller besides the bank account.
NEEDED = ("name", "street", "postal_code", "town", "country")
LENGTHS = {"name": 70, "street": 70, "postal_code": 16, "town": 35, "vat_id": 20}


class SellerKind(models.TextChoices):
    """Whose contract the customer's is."""

    PARTNER = "partner", gettext_lazy("The partner")
    PLATFORM = "platform", gettext_lazy("The platform")
    FRIEND = "friend", gettext_lazy("The friend who does the work")


@dataclass(frozen=True)
class Seller:
    """A seller of record. ``country`` is where the seller sits, ``days`` are those to pay an invoice.

    Where friends sell, the rest names the platform, which issues papers in their name and takes the money for them.
    """

    kind: str = SellerKind.PARTNER
    name: str = ""
    street: str = ""
    postal_code: str = ""
    town: str = ""
    country: str = ""
    vat_id: str = ""
    is_small_business: bool = False
    iban: str = ""
    days: int = 30


PARTS = tuple(field.name for field in fields(Seller))


def seller_for(tenant: Tenant, country: str) -> Seller:
    """Return who sells in a country; without a setting the partner by its legal name."""
    known: dict[str, Any] = tenant.sellers.get(country, {})
    fallback = {"name": tenant.legal_name or tenant.name, "country": country}
    return Seller(**(fallback | known))


def friends_sell(tenant: Tenant, country: str) -> bool:
    """Say whether customers in a country now have their contract with whoever does the work."""
    return seller_for(tenant, country).kind == SellerKind.FRIEND


def as_setting(seller: Seller) -> dict[str, Any]:
    """Return what the setting keeps of a seller: whatever is not the usual."""
    usual = asdict(Seller())
    return {part: value for part, value in asdict(seller).items() if value != usual[part]}


def clean_iban(text: str) -> str:
    """Return an IBAN without blanks, its form and check digits right.

    Raises ValueError.
    """
    try:
        return str(IBAN(text))
    except SchwiftyException as error:
        raise ValueError(text) from error


def seller_faults(parts: Mapping[str, Any], *, sells_in: str) -> dict[str, str]:
    """Return what is wrong with a seller, by part. A seller that is named is named with all that a bill needs."""
    seller = Seller(**{part: value for part, value in parts.items() if part in PARTS})
    faults: dict[str, str] = {part: _("An invoice needs this.") for part in NEEDED if not getattr(seller, part)}
    for part, most in LENGTHS.items():
        text = getattr(seller, part)
        if len(text) > most:
            faults[part] = _("Please enter at most %(count)d characters.") % {"count": most}
        elif not text.isprintable():
            faults[part] = _("Please write this on one line.")
    if set(parts) - set(PARTS) or seller.kind not in SellerKind.values or seller.country not in {"", *COUNTRIES}:
        faults["country"] = _("Please choose from the countries of the platform.")
    if not (type(seller.days) is int and DAYS[0] <= seller.days <= DAYS[1]):
        faults["days"] = _("Please enter a number from %(low)d to %(high)d.") % {"low": DAYS[0], "high": DAYS[1]}
    if seller.vat_id and not clean_vat_id_of(seller):
        faults["vat_id"] = _("This is not a valid VAT number. Please check every digit.")
    if seller.iban and (fault := _iban_fault(seller.iban, sells_in)):
        faults["iban"] = fault
    if seller.kind == SellerKind.FRIEND and not settings.TAX_OPERATOR:
        faults["kind"] = _("Friends get invoices for the commission: please set QUARTETT_TAX_OPERATOR first.")
    return faults


def clean_vat_id_of(seller: Seller) -> str:
    """Return a seller's VAT number as machines take it; nothing where there is none, or none that is right."""
    try:
        return clean_vat_id(seller.vat_id, seller.country) if seller.vat_id else ""
    except ValueError:
        return ""


def _iban_fault(iban: str, sells_in: str) -> str:
    try:
        is_right = clean_iban(iban) == iban
    except ValueError:
        is_right = False
    if not is_right:
        return _("This IBAN is not correct. Please check it digit by digit.")
    if sells_in == "CH" and iban[:2] not in SWISS_ACCOUNTS:
        return _("Invoices with a Swiss QR code need an account in Switzerland or Liechtenstein.")
    if sells_in != "CH" and is_qr_iban(iban):
        return _("A QR-IBAN works for invoices in Switzerland only.")
    return ""
