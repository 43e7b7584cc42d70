"""The form with which a guest signs up for an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

REQUIRED = _("Please fill in this field.")


class SignUpForm(forms.Form):
    """Who comes, and where to write."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": REQUIRED},
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": REQUIRED,
            "invalid": _("Please enter an email address like name@example.com."),
        },
    )
