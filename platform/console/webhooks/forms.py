"""The forms of an endpoint."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from developers.kinds import Told
from developers.models import Endpoint
from developers.webhooks import LONGEST_URL
from journeys.partner.tell_endpoints import LONGEST_SPAN
from kernel.web.answers import as_fields

PAYLOADS = [
    ("thin", _("Which order, and its state")),
    ("snapshot", _("The whole order, as the API answers with it")),
]
MOMENT = "%Y-%m-%dT%H:%M"


class EndpointForm(forms.Form):
    """Where something is sent, and what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        help_text=_("It begins with https:// and takes POST requests."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    states = forms.MultipleChoiceField(
        label=_("What we send there"), choices=Told.choices, initial=Told.values, widget=forms.CheckboxSelectMultiple
    )
    payload = forms.ChoiceField(
        label=_("What a message holds"), choices=PAYLOADS, initial="thin", widget=forms.RadioSelect
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, endpoint: Endpoint | None = None) -> None:
        initial = None
        if endpoint is not None:
            payload = "snapshot" if endpoint.with_snapshot else "thin"
            initial = {"url": endpoint.url, "states": endpoint.states, "payload": payload}
        super().__init__(data, label_suffix="", initial=initial)

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        found = self.cleaned_data
        return {"url": found["url"], "states": found["states"], "with_snapshot": found["payload"] == "snapshot"}

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what the service has found beside the fields."""
        as_fields(self, faults)


class SpanForm(forms.Form):
    """From when to when everything is sent again."""

    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local", "step": 60}, format=MOMENT)
    )
    until = forms.DateTimeField(
        label=_("Until"),
        help_text=format_lazy(_("At most {count} days later."), count=LONGEST_SPAN.days),
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 60}, format=MOMENT),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, now: datetime | None = None) -> None:
        initial = {"since": now - timedelta(days=1), "until": now} if now else None
        super().__init__(data, label_suffix="", initial=initial)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what the service has found beside the fields."""
        as_fields(self, faults)
