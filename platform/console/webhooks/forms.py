"""The form of an endpoint."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from developers.kinds import Told
from developers.webhooks import LONGEST_URL
from kernel.web.answers import as_fields


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

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what the service has found beside the fields."""
        as_fields(self, faults)
