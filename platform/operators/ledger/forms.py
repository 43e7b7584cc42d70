"""Which part of the books to show, and through which day to close them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.kinds import CURRENCIES, AccountKind
from operators.listing import ListForm
from tenants.models import Tenant

DAY = {"type": "date"}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(DAY, format="%Y-%m-%d"), **more)


class PeriodForm(forms.Form):
    """Some days; the present month where nothing sensible is asked for."""

    since = _day(_("From"), required=False)
    until = _day(_("Until"), required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__({"since": today.replace(day=1), "until": today, **_said(data)}, label_suffix="")
        self.today = today

    def period(self) -> tuple[date, date]:
        """Return the first and the last day."""
        self.is_valid()
        since = self.cleaned_data.get("since") or self.today.replace(day=1)
        until = self.cleaned_data.get("until") or self.today
        return (since, until) if since <= until else (until, since)


class TrialForm(PeriodForm):
    """Some days of all accounts, or of a partner's."""

    partner = forms.ChoiceField(label=_("Partner"), required=False)

    def __init__(self, data: Any, *, today: date, partners: Sequence[Tenant]) -> None:
        super().__init__(data, today=today)
        names = [(str(partner.pk), partner.name) for partner in partners]
        cast(forms.ChoiceField, self.fields["partner"]).choices = [("", _("All accounts")), *names]

    def partner_id(self) -> int | None:
        """Return whose accounts are asked for."""
        self.is_valid()
        return int(self.cleaned_data.get("partner") or 0) or None


class AccountsForm(ListForm):
    """Which accounts to list."""

    nones: ClassVar = {"kind": _("All kinds"), "partner": _("All partners"), "currency": _("All currencies")}
    q = forms.CharField(label=_("Name of the friend"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind of account"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, data: Any, *, partners: Sequence[Tenant]) -> None:
        names = [(str(partner.pk), partner.name) for partner in partners]
        currencies = [(one, one) for one in CURRENCIES]
        super().__init__(data, kind=AccountKind.choices, partner=names, currency=currencies)

    def wanted(self) -> dict[str, Any]:
        """Return the filter."""
        kind = self.said("kind")
        return {
            "kinds": [kind] if kind else [],
            "currency": self.said("currency"),
            "tenant_id": self.number("partner"),
        }


class CloseForm(forms.Form):
    """Through which day to close the books."""

    through = _day(_("Close the books through"), error_messages={"required": _("Please choose a day.")})


def _said(data: Any) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
