"""The forms on a package's page: where, and who wants to hear when somebody comes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from places.countries import COUNTRIES, country_by_code


class PlaceForm(forms.Form):
    """Where help is needed. The country is the one whose prices stand beside it, so nobody is asked twice."""

    country = forms.ChoiceField(label=_("Country"), widget=forms.HiddenInput)
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "text", "spellcheck": "false"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, countries: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [(code, COUNTRIES[code].name) for code in countries]
        typed = data.get("country") if data is not None else self.initial.get("country")
        self.shown_country = str(typed) if typed in countries else countries[0]
        country.initial = self.shown_country
        example = country_by_code(self.shown_country).postal_example
        self.fields["postal_code"].help_text = _("For example %(code)s") % {"code": example}
        if example.isdigit():
            self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"


class WishForm(forms.Form):
    """Where to write when somebody comes to a place."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Please fill in this field."),
            "invalid": _("Please enter an email address like name@example.com."),
        },
    )
