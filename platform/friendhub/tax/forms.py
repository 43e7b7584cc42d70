"""What the tax office wants to know of a friend."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from babel import Locale
from django import forms
from django.utils.translation import get_language, pgettext_lazy

from friendhub.joining.forms import MISSING, DayField
from tax.kinds import RESIDENCES


class SellerDataForm(forms.Form):
    """Who a friend is for the tax office. What is right, ``tax.services`` says. A pro's work may be a company's."""

    company = forms.CharField(
        label=pgettext_lazy("friend", "Company"),
        help_text=pgettext_lazy(
            "friend",
            "Only if your company is a legal entity of its own, for example a GmbH or a sp. z o.o. Then tax number and "
            "address below are the company's. Sole traders leave this empty.",
        ),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    register_number = forms.CharField(
        label=pgettext_lazy("friend", "Number in the commercial register"),
        help_text=pgettext_lazy("friend", "For example HRB 12345, FN 123456a or a KRS number."),
        max_length=40,
        required=False,
    )
    country = forms.ChoiceField(
        label=pgettext_lazy("friend", "Where do you pay taxes?"), error_messages={"required": MISSING}
    )
    tin = forms.CharField(
        label=pgettext_lazy("friend", "Tax number"),
        help_text=pgettext_lazy(
            "friend",
            "Germany: Steuerliche Identifikationsnummer. Austria: Steuernummer. Poland: PESEL, or NIP for a business.",
        ),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    born_on = DayField(label=pgettext_lazy("friend", "Date of birth"))
    street = forms.CharField(
        label=pgettext_lazy("friend", "Street and number"),
        max_length=70,
        widget=forms.TextInput({"autocomplete": "street-address"}),
        error_messages={"required": MISSING},
    )
    postal_code = forms.CharField(
        label=pgettext_lazy("friend", "Postal code"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "postal-code"}),
        error_messages={"required": MISSING},
    )
    town = forms.CharField(
        label=pgettext_lazy("friend", "Town"),
        max_length=70,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
        error_messages={"required": MISSING},
    )
    birth_town = forms.CharField(
        label=pgettext_lazy("friend", "Town of birth"),
        help_text=pgettext_lazy("friend", "Only if your country has not given you a tax number."),
        max_length=80,
        required=False,
    )
    birth_country = forms.ChoiceField(label=pgettext_lazy("friend", "Country of birth"), required=False)

    def __init__(self, *args: Any, is_pro: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_pro:
            del self.fields["company"], self.fields["register_number"]
        names = cast(Mapping[str, str], Locale.parse(get_language() or "en").territories)
        residence, birth = (cast(forms.ChoiceField, self.fields[name]) for name in ("country", "birth_country"))
        residence.choices = _by_name(names, RESIDENCES)
        everywhere = [one for one in names if len(one) == 2 and one.isalpha() and one not in NONE]
        birth.choices = [("", "–"), *_by_name(names, everywhere)]


# What Babel names besides countries.
NONE = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def _by_name(names: Mapping[str, str], codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return countries as choices, by their names in the reader's language."""
    return sorted(((code, names[code]) for code in codes), key=lambda one: one[1])
