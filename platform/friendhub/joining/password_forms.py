"""Passwords of friends: the address that gets a link, a new one, and a change of the present one."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import pgettext, pgettext_lazy

from accounts.attempts import count_try, take_back_try
from accounts.models import User
from friendhub.joining.forms import MISSING
from kernel.web.limits import TooManyAttempts


class ForgottenForm(forms.Form):
    """Who has forgotten the password."""

    email = forms.EmailField(
        label=pgettext_lazy("friend", "Email"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": MISSING,
            "invalid": pgettext_lazy("friend", "Please enter an email address, for example ben@example.com."),
        },
    )


class NewPasswordForm(forms.Form):
    """A new password, typed once: the browser or a password manager keeps it, and a link by mail is never far."""

    password = forms.CharField(
        label=pgettext_lazy("friend", "New password"),
        max_length=128,
        help_text=pgettext_lazy("friend", "At least 10 characters."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": MISSING},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a password that is easily guessed."""
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


class ChangePasswordForm(NewPasswordForm):
    """The present password, and the one that takes its place."""

    present = forms.CharField(
        label=pgettext_lazy("friend", "Current password"),
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": MISSING},
    )
    field_order = ("present", "password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_present(self) -> str:
        """Ask whoever holds the phone to know the password; each try counts as one at the sign-in."""
        try:
            count_try(self.request, self.user.email)
        except TooManyAttempts as error:
            raise ValidationError(str(error), code=error.code) from error
        if not self.user.check_password(self.cleaned_data["present"]):
            raise ValidationError(pgettext("friend", "This is not your current password."))
        take_back_try(self.request, self.user.email)
        return self.cleaned_data["present"]
