"""Fields that settings need and Django has not: percent, hours of the day, minutes by hour, fees by hours."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.settings.rules import HOURS_A_DAY, MOST_FEE_STEPS

BP_A_PERCENT = 100
EMPTY_ROWS = 3


class PercentField(forms.DecimalField):
    """A share that people see and type in percent; its value is in basis points."""

    def __init__(self, *, low_bp: int = 0, high_bp: int = 100 * BP_A_PERCENT, **kwargs: Any) -> None:
        attributes = {"min": low_bp // BP_A_PERCENT, "max": high_bp // BP_A_PERCENT, "step": "any"}
        super().__init__(max_digits=5, decimal_places=2, widget=forms.NumberInput(attributes), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show basis points in percent; what was typed stays as it is."""
        return trimmed(Decimal(value) / BP_A_PERCENT) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return basis points."""
        percent: Decimal | None = super().clean(value)
        return None if percent is None else round(percent * BP_A_PERCENT)


class HourField(forms.TypedChoiceField):
    """An hour of the day, or none."""

    def __init__(self, **kwargs: Any) -> None:
        hours = [(hour, write_hour(hour)) for hour in range(HOURS_A_DAY)]
        super().__init__(choices=[("", "–"), *hours], coerce=int, empty_value=None, required=False, **kwargs)


class MinutesByHour(forms.Widget):
    """Rows of an hour and minutes: the present ones and a few empty ones, so it works without a script."""

    template_name = "staffroom/widgets/minutes_by_hour.html"
    use_fieldset = True

    def format_value(self, value: Any) -> Any:
        """Return the rows as pairs of what stands in the inputs."""
        return [(str(hour), str(minutes)) for hour, minutes in value or []]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add empty rows for more, as far as a day has hours."""
        context = super().get_context(name, value, attrs)
        rows = context["widget"]["value"]
        empty = min(EMPTY_ROWS, max(HOURS_A_DAY - len(rows), 0))
        context["widget"]["rows"] = [*rows, *[("", "")] * empty]
        context["widget"]["hours"] = [(str(hour), write_hour(hour)) for hour in range(HOURS_A_DAY)]
        return context

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the rows have labels of their own, the whole a legend."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[tuple[str, str]]:
        """Return the rows in which something is typed, as typed."""
        rows = []
        for place in range(HOURS_A_DAY + EMPTY_ROWS):
            hour, minutes = (str(data.get(f"{name}_{part}_{place}", "")).strip() for part in ("hour", "minutes"))
            if hour or minutes:
                rows.append((hour, minutes))
        return rows


class MinutesByHourField(forms.Field):
    """A table of minutes from an hour of the day on; its value is a list of [hour, minutes] in the day's order."""

    widget = MinutesByHour

    def clean(self, value: Sequence[tuple[str, str]]) -> list[list[int]]:
        """Return the rows in order.

        Raises ValidationError where one is not filled in with numbers.
        """
        try:
            rows = [[int(hour), int(minutes)] for hour, minutes in value or []]
        except ValueError as error:
            raise ValidationError(_("Please enter an hour and the minutes in every row.")) from error
        return sorted(rows)


class CancellationFees(forms.Widget):
    """Rows of hours and percent: the present ones and empty ones up to the most, so it works without a script."""

    template_name = "staffroom/widgets/cancellation_fees.html"
    use_fieldset = True

    def format_value(self, value: Any) -> Any:
        """Return the rows as pairs of what stands in the inputs; what was typed stays as it is."""
        return [
            (str(hours), str(trimmed(Decimal(share) / BP_A_PERCENT)) if isinstance(share, int) else share)
            for hours, share in value or []
        ]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add empty rows for more."""
        context = super().get_context(name, value, attrs)
        rows = context["widget"]["value"]
        context["widget"]["rows"] = [*rows, *[("", "")] * max(MOST_FEE_STEPS - len(rows), 0)]
        return context

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the rows have labels of their own, the whole a legend."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[tuple[str, str]]:
        """Return the rows in which something is typed, as typed."""
        rows = []
        for place in range(MOST_FEE_STEPS):
            hours, share = (str(data.get(f"{name}_{part}_{place}", "")).strip() for part in ("hours", "percent"))
            if hours or share:
                rows.append((hours, share))
        return rows


class CancellationFeesField(forms.Field):
    """A table of fees; its value is a list of [hours, basis points] by hours."""

    widget = CancellationFees

    def clean(self, value: Sequence[tuple[str, str]]) -> list[list[int]]:
        """Return the rows by their hours.

        Raises ValidationError where one is not filled in with numbers.
        """
        percent = PercentField()
        try:
            rows: list[list[int]] = [[int(hours), percent.clean(share) or 0] for hours, share in value or []]
        except (ValueError, ValidationError) as error:
            raise ValidationError(_("Please enter hours and a share in every row.")) from error
        return sorted(rows)


def trimmed(value: Decimal) -> Decimal:
    """Return a number without zeros at its end; 50 stays 50 and does not become 5E+1."""
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def trimmed_minor(minor: int) -> str:
    """Write minor units as people type them, without zeros at the end: ``5`` or ``7.50``."""
    return str(minor // 100) if minor % 100 == 0 else f"{minor // 100}.{minor % 100:02}"


def write_hour(hour: int) -> str:
    """Write an hour of the day as the clock shows it."""
    return f"{hour}:00"
