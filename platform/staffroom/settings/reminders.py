"""The rows of the settings' form that say when customers are reminded of open invoices."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from staffroom.settings.fields import trimmed_minor
from tenants.settings.reminders import DAYS, MOST_FEE_MINOR, MOST_STEPS

AMOUNT = re.compile(r"^(?P<major>\d{1,4})(?:[.,](?P<minor>\d{1,2}))?$")
EMPTY_ROWS = 2
Row = tuple[str, dict[str, str]]


class Reminders(forms.Widget):
    """Rows of days and a fee for each currency: the present ones and empty ones, so it works without a script."""

    template_name = "staffroom/widgets/reminders.html"
    use_fieldset = True
    currencies: Sequence[str] = ()

    def format_value(self, value: Any) -> Any:
        """Return the rows as what stands in the inputs."""
        if all(isinstance(row, tuple) for row in value or []):
            return list(value or [])
        return [
            (str(row["days"]), {code: trimmed_minor(fee) for code, fee in row.get("fees", {}).items() if fee})
            for row in value
        ]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add empty rows for more."""
        context = super().get_context(name, value, attrs)
        rows = context["widget"]["value"]
        empty: list[Row] = [("", {})] * min(EMPTY_ROWS, max(MOST_STEPS - len(rows), 0))
        context["widget"]["rows"] = [
            (days, [(code, fees.get(code, "")) for code in self.currencies]) for days, fees in [*rows, *empty]
        ]
        context["widget"]["limits"] = {"low": DAYS[0], "high": DAYS[1], "fee": MOST_FEE_MINOR // 100}
        return context

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the rows have labels of their own, the whole a legend."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        """Return the rows in which something is typed, as typed."""
        rows = []
        for place in range(MOST_STEPS + EMPTY_ROWS):
            days = str(data.get(f"{name}_days_{place}", "")).strip()
            typed = {code: str(data.get(f"{name}_{code}_{place}", "")).strip() for code in self.currencies}
            fees = {code: fee for code, fee in typed.items() if fee}
            if days or fees:
                rows.append((days, fees))
        return rows


class RemindersField(forms.Field):
    """When customers are reminded; its value is what the setting keeps, in order."""

    widget = Reminders

    def clean(self, value: Sequence[Row]) -> list[dict[str, Any]]:
        """Return the rows by days.

        Raises ValidationError where one is not filled in with numbers.
        """
        try:
            rows = [_step(int(days), fees) for days, fees in value or []]
        except ValueError as error:
            raise ValidationError(
                _("Please enter the days after an invoice was due in every row, and fees without letters.")
            ) from error
        return sorted(rows, key=lambda row: int(row["days"]))


def _step(days: int, typed: Mapping[str, str]) -> dict[str, Any]:
    fees = {code: minor for code, text in typed.items() if (minor := _minor(text))}
    return {"days": days} | ({"fees": fees} if fees else {})


def _minor(text: str) -> int:
    """Return an amount in minor units.

    Raises ValueError.
    """
    found = AMOUNT.match(text)
    if found is None:
        raise ValueError(text)
    return int(found["major"]) * 100 + int((found["minor"] or "0").ljust(2, "0"))
