"""Which month of the books goes to which accountant."""

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.kinds import CURRENCIES
from tax.datev import CHARTS
from tenants.models import Tenant

MONTHS_BACK = 24
ADVISER, CLIENT = (1_001, 9_999_999), (1, 99_999)


class ExportForm(forms.Form):
    """A month, a currency, and whose sales; numbers and chart are DATEV's."""

    month = forms.ChoiceField(label=_("Month"))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in CURRENCIES])
    seller = forms.ChoiceField(label=_("Seller"), required=False)
    adviser = forms.IntegerField(label=_("DATEV adviser number"), min_value=ADVISER[0], max_value=ADVISER[1])
    client = forms.IntegerField(label=_("DATEV client number"), min_value=CLIENT[0], max_value=CLIENT[1])
    chart = forms.ChoiceField(
        label=_("Chart of accounts"), choices=[(one.code, f"SKR{one.code}") for one in CHARTS.values()]
    )

    def __init__(self, data: Any, *, today: date, partners: Sequence[Tenant]) -> None:
        months = [_month_before(today, back) for back in range(MONTHS_BACK)]
        usual = {"month": f"{months[1]:%Y-%m}", "currency": "EUR", "adviser": "1001", "client": "1", "chart": "03"}
        super().__init__(usual | {name: value for name, value in data.items() if value}, label_suffix="")
        choices = cast(forms.ChoiceField, self.fields["month"])
        choices.choices = [(f"{one:%Y-%m}", f"{one:%m/%Y}") for one in months]
        names = [(str(partner.pk), partner.name) for partner in partners]
        cast(forms.ChoiceField, self.fields["seller"]).choices = [("", _("All books of the platform")), *names]

    def period(self) -> tuple[date, date]:
        """Return the first and the last day of the month."""
        year, month = map(int, self.cleaned_data["month"].split("-"))
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])

    def tenant_id(self) -> int | None:
        """Return whose sales are asked for; None for all books."""
        return int(self.cleaned_data["seller"]) if self.cleaned_data["seller"] else None


def _month_before(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
