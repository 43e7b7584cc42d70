"""What a friend says of themselves as a seller."""

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from friendhub.joining.forms import MISSING
from places.countries import COUNTRIES
from tenants.settings.sellers import LENGTHS


def _text(part: str, label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LENGTHS[part],
        widget=forms.TextInput({"autocomplete": autocomplete}),
        error_messages={"required": MISSING},
        **more,
    )


class SellingForm(forms.Form):
    """As whom a friend sells. What is right, ``crowd.selling`` says."""

    name = _text(
        "name",
        pgettext_lazy("friend", "Name or business name"),
        "organization",
        help_text=pgettext_lazy("friend", "As it must appear on your invoices."),
    )
    street = _text("street", pgettext_lazy("friend", "Street and number"), "street-address")
    postal_code = _text("postal_code", pgettext_lazy("friend", "Postal code"), "postal-code")
    town = _text("town", pgettext_lazy("friend", "Town"), "address-level2")
    country = forms.ChoiceField(label=pgettext_lazy("friend", "Country"), error_messages={"required": MISSING})
    is_small_business = forms.BooleanField(
        label=pgettext_lazy("friend", "I'm a small business and charge no VAT"),
        help_text=pgettext_lazy(
            "friend",
            "Germany: section 19 UStG. Austria: section 6 (1) no. 27 UStG. Poland: art. 113. Switzerland: below CHF "
            "100,000 a year. Your tax office or accountant knows.",
        ),
        required=False,
    )
    vat_id = forms.CharField(
        label=pgettext_lazy("friend", "VAT number"),
        help_text=pgettext_lazy("friend", "If you charge VAT. It appears on every invoice."),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    agrees = forms.BooleanField(
        label=pgettext_lazy(
            "friend", "The platform may issue invoices, receipts and credit notes to customers in my name."
        ),
        error_messages={"required": pgettext_lazy("friend", "Please agree: without it nobody can invoice for you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [(code, one.name) for code, one in COUNTRIES.items()]

    def clean(self) -> dict[str, Any]:
        """Leave what the service does not take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "agrees"}
