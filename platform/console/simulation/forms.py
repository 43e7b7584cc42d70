"""The form of a simulation: the month to play. The rules to compare with are settings."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dispatch.simulation.scenarios import DAYS
from journeys.partner.simulate_rules import MOST_FRIENDS, MOST_ORDERS, Wanted
from places.countries import COUNTRIES
from tenants.models import Tenant

OWN, MADE_UP = "own", "made_up"


def _months() -> list[tuple[str, str]]:
    """Return the months to choose from, in the language at hand."""
    return [
        (OWN, str(_("Your orders of the last %(days)d days") % {"days": DAYS})),
        (MADE_UP, str(_("A made-up month"))),
    ]


class MonthForm(forms.Form):
    """Which month is played."""

    month = forms.ChoiceField(
        label=_("Which orders?"),
        choices=_months,
        widget=forms.RadioSelect,
        initial=OWN,
    )
    country = forms.ChoiceField(label=_("Country of the made-up month"), required=False)
    friends = forms.IntegerField(
        label=_("Friends in it"), min_value=1, max_value=MOST_FRIENDS, initial=200, required=False
    )
    orders = forms.IntegerField(
        label=_("Orders in it"), min_value=1, max_value=MOST_ORDERS, initial=1000, required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, tenant: Tenant, has_orders: bool) -> None:
        super().__init__(data, label_suffix="")
        self.has_orders = has_orders
        countries = self.fields["country"]
        assert isinstance(countries, forms.ChoiceField)
        countries.choices = [(code, COUNTRIES[code].name) for code in tenant.countries]
        if not has_orders:
            self.initial["month"] = MADE_UP

    def clean(self) -> dict[str, Any]:
        """Refuse a month without orders, and a made-up one of which nothing is said."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("month") == OWN and not self.has_orders:
            self.add_error("month", _("You have had no orders in this time. Please choose a made-up month."))
        if values.get("month") == MADE_UP:
            for name in ("country", "friends", "orders"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Please fill in this field."))
        return values

    def wanted(self) -> Wanted:
        """Return the month to play."""
        values = self.cleaned_data
        if values["month"] == OWN:
            return Wanted()
        return Wanted(country=values["country"], friends=values["friends"], orders=values["orders"])
