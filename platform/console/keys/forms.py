"""The forms about keys."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from developers.kinds import Scope
from developers.services import LONGEST_NAME
from kernel.web.answers import as_fields
from tenants.models import Tenant

# The calendar goes no further than the year 9999, and a key's successor runs for as long as the key did.
LATEST_DAY = date(2999, 12, 31)
OVERLAPS = [
    (0, _("At once")),
    (1, _("After a day")),
    (7, _("After a week")),
    (30, _("After 30 days")),
]


class KeyForm(forms.Form):
    """A new key: its name, what it may do, until when, and from where."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("Which of your systems uses it, for example “Web shop”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the key may do"),
        choices=Scope.choices,
        initial=Scope.values,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        validators=[MaxValueValidator(LATEST_DAY)],
        help_text=_("Leave it empty for a key that does not expire."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    networks = forms.CharField(
        label=_("Allowed networks"),
        required=False,
        help_text=_("One per line, for example 203.0.113.0/24. Leave it empty to allow all."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")

    def values(self, tenant: Tenant) -> dict[str, Any]:
        """Return what the service takes; the last day is whole, in the partner's time zone."""
        found = self.cleaned_data
        last = found["expires_on"]
        zone = ZoneInfo(tenant.time_zone)
        return {
            "name": found["name"],
            "scopes": found["scopes"],
            "networks": [line.strip() for line in found["networks"].splitlines() if line.strip()],
            "expires_at": datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
        }

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what the service has found beside the fields."""
        as_fields(self, faults)


class RotateForm(forms.Form):
    """How long a key that is replaced goes on."""

    days = forms.TypedChoiceField(label=_("The old key ends"), choices=OVERLAPS, coerce=int, initial=7)

    def overlap(self) -> timedelta:
        """Return the time for which both keys can be used."""
        return timedelta(days=self.cleaned_data["days"])
