"""The part of the settings' form that asks how customers can pay in each country."""

from collections.abc import Mapping
from typing import Any

from django import forms

from billing.methods import METHODS
from staffroom.settings.words import ways_label
from tenants.models import Tenant
from tenants.settings.ways import ways_fault, ways_in, ways_there


def field_name(code: str) -> str:
    """Return the name of a country's field."""
    return f"ways_{code}"


def ways_fields(tenant: Tenant) -> dict[str, forms.Field]:
    """Return a field for each of the partner's countries."""
    return {field_name(code): _field(code) for code in tenant.countries}


def initial_ways(tenant: Tenant) -> dict[str, list[str]]:
    """Return what is offered now, by field."""
    return {field_name(code): list(ways_in(tenant, code)) for code in tenant.countries}


def typed_ways(tenant: Tenant, cleaned: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the ways as they are ticked; those of other countries, and what was never changed, stay as they are."""
    ways = dict(tenant.ways_to_pay)
    for code in tenant.countries:
        ticked = [way for way in ways_there(code) if way in cleaned.get(field_name(code), ())]
        if code in ways or ticked != list(ways_in(tenant, code)):
            ways[code] = ticked
    return ways


def ways_faults(ways: Mapping[str, list[str]]) -> dict[str, str]:
    """Return what is wrong, by field."""
    return {field_name(code): fault for code, chosen in ways.items() if (fault := ways_fault(code, chosen))}


def _field(code: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=ways_label(code),
        choices=[(way, METHODS[way].label) for way in ways_there(code)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
