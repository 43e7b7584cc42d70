"""Which differences to list, and why one is set aside."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.kinds import CURRENCIES
from operators.listing import ListForm
from reconciliation.errors import ReasonIsMissing
from reconciliation.states import Party, Show


class DifferencesForm(ListForm):
    """Which differences to list; where nothing is asked for, those come first that wait."""

    nones: ClassVar = {"show": _("All"), "party": _("All"), "currency": _("All currencies")}
    q = forms.CharField(label=_("Name at Stripe, key or reason"), required=False, max_length=80)
    show = forms.ChoiceField(label=_("State"), required=False)
    party = forms.ChoiceField(label=_("Compared with"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, data: Any) -> None:
        currencies = [(one, one) for one in CURRENCIES]
        super().__init__(data, show=Show.choices, party=Party.choices, currency=currencies)

    def wanted(self) -> dict[str, str]:
        """Return the filter."""
        return {"words": self.said("q")} | {name: self.said(name) for name in ("show", "party", "currency")}


class AsideForm(forms.Form):
    """Why nothing is to be done about a difference."""

    reason = forms.CharField(label=_("Reason"), max_length=500, error_messages={"required": ReasonIsMissing.message})
