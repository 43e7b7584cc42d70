"""Where a friend is paid."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import pgettext, pgettext_lazy

from accounts.attempts import count_try, take_back_try
from accounts.models import User
from friendhub.joining.forms import MISSING
from kernel.web.limits import TooManyAttempts


class PasswordForm(forms.Form):
    """Whoever holds the phone must know the password to change where the money goes."""

    password = forms.CharField(
        label=pgettext_lazy("friend", "Your password"),
        help_text=pgettext_lazy("friend", "So that nobody else can change where your money goes."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": MISSING},
    )

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request

    def clean_password(self) -> str:
        """Ask for the password; each try counts as one at the sign-in."""
        try:
            count_try(self.request, self.user.email)
        except TooManyAttempts as error:
            raise ValidationError(str(error), code=error.code) from error
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(pgettext("friend", "This is not your current password."))
        take_back_try(self.request, self.user.email)
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        """Leave what the journey does not take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "password"}


class BankAccountForm(PasswordForm):
    """A bank account."""

    field_order = ("holder", "iban", "password")
    holder = forms.CharField(
        label=pgettext_lazy("friend", "Account holder"),
        help_text=pgettext_lazy("friend", "First and last name as your bank writes them."),
        max_length=70,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": MISSING},
    )
    iban = forms.CharField(
        label="IBAN",
        help_text=pgettext_lazy("friend", "For example CH93 0076 2011 6238 5295 7 or DE89 3704 0044 0532 0130 00."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": MISSING},
    )
