"""The part of the settings' form that asks who sells in each country."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from places.countries import COUNTRIES
from staffroom.settings.words import seller_label
from tenants.models import Tenant
from tenants.settings.sellers import DAYS, LENGTHS, PARTS, Seller, SellerKind, as_setting, seller_faults


class IbanField(forms.CharField):
    """An account number, kept without blanks; whether it is right is said by the rules."""

    def to_python(self, value: str | None) -> str:
        """Return it without blanks, in capitals."""
        return re.sub(r"\s", "", super().to_python(value) or "").upper()

    def prepare_value(self, value: Any) -> Any:
        """Show it in groups of four."""
        bare = str(value or "")
        return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4)) if bare.isalnum() else value


def field_name(code: str, part: str) -> str:
    """Return the name of the field for a part of a country's seller."""
    return f"seller_{code}_{part}"


def seller_fields(tenant: Tenant) -> dict[str, forms.Field]:
    """Return the fields for the partner's countries; nothing is required, for a partner may have no seller yet."""
    return {field_name(code, part): _field(code, part) for code in tenant.countries for part in PARTS}


def initial_sellers(tenant: Tenant) -> dict[str, Any]:
    """Return what the fields hold at first; a seller sits where it sells until somebody says otherwise."""
    held: dict[str, Any] = {}
    for code in tenant.countries:
        seller = Seller(**({"country": code} | tenant.sellers.get(code, {})))
        held |= {field_name(code, part): value for part, value in asdict(seller).items()}
    return held


def typed_sellers(tenant: Tenant, typed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the sellers as typed, and those of countries that are not on the form as they are."""
    sellers = dict(tenant.sellers)
    for code in tenant.countries:
        parts = {part: typed.get(field_name(code, part)) for part in PARTS}
        seller = Seller(**{part: value for part, value in parts.items() if value is not None})
        sellers[code] = as_setting(seller) if seller.name or seller.street or seller.iban else {}
    return {code: seller for code, seller in sellers.items() if seller}


def sellers_faults(sellers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return what is wrong with sellers, by field of the form."""
    return {
        field_name(code, part): words
        for code, seller in sellers.items()
        for part, words in seller_faults(seller, sells_in=code).items()
    }


def _field(code: str, part: str) -> forms.Field:
    label = seller_label(code, part)
    match part:
        case "kind":
            return forms.ChoiceField(label=label, choices=SellerKind.choices, required=False)
        case "country":
            countries = [(code, country.name) for code, country in COUNTRIES.items()]
            return forms.ChoiceField(label=label, choices=countries, required=False)
        case "is_small_business":
            return forms.BooleanField(
                label=label, required=False, help_text=_("Invoices then show no VAT, and say why.")
            )
        case "days":
            low, high = DAYS
            widget = forms.NumberInput({"min": low, "max": high, "step": 1})
            return forms.IntegerField(label=label, required=False, widget=widget)
        case "iban":
            hint = _("Where customers pay invoices. In Switzerland a QR-IBAN is fine as well.")
            return IbanField(label=label, required=False, max_length=42, help_text=hint)
    return forms.CharField(label=label, required=False, max_length=LENGTHS[part])
