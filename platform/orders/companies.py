"""Companies that book: what their invoices have to say of them, in the right form. Pure.

In a draft's ``contact`` are, beside the person, ``company``, ``vat_id`` and ``leitweg_id``; without a company's name
the customer is a person, and the other two are nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from stdnum.de import leitweg

from kernel.typed.vat_ids import clean_vat_id, home_of_vat_id

LONGEST_NAME = 120
# German authorities take invoices by this number.
LEITWEG_COUNTRY = "DE"


@dataclass(frozen=True)
class Company:
    """A company as its invoices name it; a person has none of it. ``vat_id`` begins with its country's letters."""

    name: str = ""
    vat_id: str = ""
    leitweg_id: str = ""

    @property
    def numbers(self) -> str:
        """The numbers of it that there are, in a line."""
        return " · ".join(filter(None, (self.vat_id, self.leitweg_id)))


def read_company(contact: Mapping[str, Any], country: str) -> Company:
    """Return the company of right contact data for a job in a country."""
    name, vat_id, leitweg_id = _typed(contact, country)
    return Company(
        name=name,
        vat_id=clean_vat_id(vat_id, home_of_vat_id(vat_id) or country) if vat_id else "",
        leitweg_id=leitweg.compact(leitweg_id),
    )


def company_errors(contact: Mapping[str, Any], country: str) -> dict[str, str]:
    """Return what is wrong with what a company says of itself, by field."""
    name, vat_id, leitweg_id = _typed(contact, country)
    errors = {}
    if not name and (vat_id or leitweg_id):
        errors["company"] = _("Please enter the company's name as well.")
    if len(name) > LONGEST_NAME:
        errors["company"] = _("Please use at most %(count)d characters.") % {"count": LONGEST_NAME}
    if vat_id and not _is_vat_id(vat_id, country):
        errors["vat_id"] = _("This is not a valid VAT number. Please check every digit.")
    if leitweg_id and not leitweg.is_valid(leitweg_id):
        errors["leitweg_id"] = _("This is not a valid Leitweg-ID. It looks like 04011000-12345-03.")
    return errors


def _typed(contact: Mapping[str, Any], country: str) -> tuple[str, str, str]:
    """Return name, VAT number and Leitweg-ID as they were typed, the last one only where it means anything."""
    name, vat_id, leitweg_id = (str(contact.get(field, "")).strip() for field in ("company", "vat_id", "leitweg_id"))
    return name, vat_id, leitweg_id if country == LEITWEG_COUNTRY else ""


def _is_vat_id(raw: str, country: str) -> bool:
    try:
        clean_vat_id(raw, home_of_vat_id(raw) or country)
    except ValueError:
        return False
    return True
