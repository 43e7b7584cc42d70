"""The form of a voucher campaign: amounts are typed as people write them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.kinds import VoucherKind
from catalog.models import Package
from catalog.vouchers import MOST_CODES
from kernel.typed.amounts import read_amount
from staffroom.settings.fields import PercentField

MOST_MINOR, MOST_BP = 10_000_000, 10_000


class CampaignForm(forms.Form):
    """What a voucher is worth, for whom, and how often."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Only for you; customers do not see it."))
    kind = forms.ChoiceField(label=_("Discount"), choices=VoucherKind.choices, widget=forms.RadioSelect)
    amount = forms.CharField(label=_("Amount"), required=False, max_length=20)
    percent = PercentField(label=_("Percentage"), required=False, low_bp=1)
    currency = forms.ChoiceField(label=_("Currency"))
    least_price = forms.CharField(label=_("Minimum price"), required=False, max_length=20)
    begins_on = forms.DateField(label=_("Valid from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day. Without one it is valid until you stop it."),
    )  # fmt: skip
    packages = forms.ModelMultipleChoiceField(
        label=_("Packages"), required=False, queryset=Package.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("If none is ticked, it is valid for all."),
    )  # fmt: skip
    uses = forms.IntegerField(
        label=_("Uses per code"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("Leave it empty for any number."),
    )  # fmt: skip
    uses_per_customer = forms.IntegerField(
        label=_("Uses per customer"), required=False, min_value=1, max_value=1_000,
        help_text=_("A customer is recognised by their email address. Leave it empty for any number."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Your own code"), required=False, max_length=40,
        help_text=_("Anybody can guess a word. Leave it empty for codes that nobody can guess."),
    )  # fmt: skip
    count = forms.IntegerField(label=_("Number of codes"), min_value=1, max_value=MOST_CODES)

    def __init__(self, data: Any, *, currencies: Sequence[str], packages: Any, today: date) -> None:
        initial = {
            "kind": VoucherKind.AMOUNT,
            "currency": currencies[0],
            "begins_on": today,
            "uses": 1,
            "uses_per_customer": 1,
            "count": 1,
        }
        super().__init__(data, label_suffix="", initial=initial)
        currency, shown = self.fields["currency"], self.fields["packages"]
        assert isinstance(currency, forms.ChoiceField)
        assert isinstance(shown, forms.ModelMultipleChoiceField)
        currency.choices = [(one, one) for one in currencies]
        shown.queryset = packages

    def clean(self) -> dict[str, Any]:
        """Read the amounts in their currency, and refuse what does not go together."""
        data = super().clean() or self.cleaned_data
        is_amount = data.get("kind") == VoucherKind.AMOUNT
        data["amount_minor"] = self._minor("amount") if is_amount else 0
        data["least_price_minor"] = self._minor("least_price")
        if is_amount and not data["amount_minor"] and "amount" not in self.errors:
            self.add_error("amount", _("Please enter an amount above zero."))
        is_percent = data.get("kind") == VoucherKind.PERCENT
        if is_percent and not 0 < (data.get("percent") or 0) <= MOST_BP and "percent" not in self.errors:
            self.add_error("percent", _("Please enter a number from 1 to 100."))
        if data.get("ends_on") and data.get("begins_on") and data["ends_on"] < data["begins_on"]:
            self.add_error("ends_on", _("The last day cannot be before the first."))
        if data.get("code") and (data.get("count") or 1) > 1:
            self.add_error("count", _("With your own code, the number of codes is 1."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        same = (
            "name", "currency", "amount_minor", "least_price_minor", "begins_on", "ends_on", "uses",
            "uses_per_customer", "code", "count",
        )  # fmt: skip
        return {name: data[name] for name in same} | {
            "kind": VoucherKind(data["kind"]),
            "basis_points": data["percent"] or 0,
            "packages": list(data["packages"]),
        }

    def _minor(self, name: str) -> int:
        typed, currency = self.cleaned_data.get(name, ""), self.cleaned_data.get("currency")
        if not typed or not currency:
            return 0
        try:
            minor = read_amount(typed, currency).minor
        except ValueError:
            minor = -1
        if not 0 <= minor <= MOST_MINOR:
            self.add_error(name, _("Please enter an amount such as 10 or 12.50."))
            return 0
        return minor
