"""Where an invoice goes that goes elsewhere than the work: a head office, or whoever pays. Pure.

In a draft's ``contact`` the fields are ``bill_name``, ``bill_street``, ``bill_postal_code``, ``bill_town`` and
``bill_country``; without street and town the invoice goes to the place of the work.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from places.countries import COUNTRIES

LENGTHS = {"name": 120, "street": 160, "postal_code": 12, "town": 120}
NEEDED = ("street", "postal_code", "town")


@dataclass(frozen=True)
class BillTo:
    """The address of an invoice; all of it is empty where it is that of the work. ``name`` may be the customer's."""

    name: str = ""
    street: str = ""
    postal_code: str = ""
    town: str = ""
    country: str = ""

    @property
    def line(self) -> str:
        """The address in one line."""
        return f"{self.street}, {self.postal_code} {self.town}, {self.country}" if self.street else ""

    def to_json(self) -> dict[str, str]:
        """Return what differs from the customer's name and the place of the work."""
        return {part: text for part, text in asdict(self).items() if text}


def read_bill_to(contact: Mapping[str, Any], country: str) -> BillTo:
    """Return the address of right contact data for a job in a country."""
    typed = _typed(contact)
    if not any(typed.values()):
        return BillTo()
    return BillTo(**typed, country=contact.get("bill_country") or country)


def bill_to_errors(contact: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the address of an invoice, by field: it is whole, or there is none."""
    typed, errors = _typed(contact), {}
    if any(typed.values()):
        missing = [part for part in NEEDED if not typed[part]]
        errors = {f"bill_{part}": _("Please enter the whole address, or leave it empty.") for part in missing}
        if contact.get("bill_country") not in {None, "", *COUNTRIES}:
            errors["bill_country"] = _("Please choose from the countries of the platform.")
    for part, longest in LENGTHS.items():
        if len(typed[part]) > longest:
            errors[f"bill_{part}"] = _("Please use at most %(count)d characters.") % {"count": longest}
        elif not typed[part].isprintable():
            errors[f"bill_{part}"] = _("Please write this on one line.")
    return errors


def _typed(contact: Mapping[str, Any]) -> dict[str, str]:
    return {part: str(contact.get(f"bill_{part}", "")).strip() for part in LENGTHS}
