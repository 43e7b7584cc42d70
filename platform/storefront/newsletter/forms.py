"""The forms of the newsletter: an address, and the language in which it comes."""

from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _


class SignUpForm(forms.Form):
    """Who wants the newsletter."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Please fill in this field."),
            "invalid": _("Please enter an email address like name@example.com."),
        },
    )


class LanguageForm(forms.Form):
    """In which language it comes: one of the partner's."""

    language = forms.ChoiceField(label=_("Language of the newsletter"))

    def __init__(self, data: Any = None, *, languages: list[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, get_language_info(code)["name_local"].capitalize()) for code in languages]
