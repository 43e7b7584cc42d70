"""The form of the sign-in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext_lazy

from accounts.attempts import count_try, take_back_try
from accounts.models import Kind, User
from kernel.web.limits import TooManyAttempts


class SignInForm(AuthenticationForm):
    """Mail address and password."""

    error_messages = {
        "invalid_login": pgettext_lazy("friend", "Wrong email address or password."),
        "inactive": pgettext_lazy("friend", "This account has been closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = pgettext_lazy("friend", "Email")
        self.fields["username"].widget = forms.EmailInput({"autocomplete": "username", "autofocus": True})
        self.fields["password"].label = pgettext_lazy("friend", "Password")

    def clean(self) -> dict[str, Any]:
        """Judge address and password, unless somebody has tried too often."""
        assert self.request is not None, "the view gives it"
        account = self.cleaned_data.get("username")
        if not (account and self.cleaned_data.get("password")):
            return self.cleaned_data
        try:
            count_try(self.request, account)
        except TooManyAttempts as error:
            raise ValidationError(str(error), code=error.code) from error
        judged: dict[str, Any] = super().clean()
        take_back_try(self.request, account)
        return judged

    def confirm_login_allowed(self, user: User) -> None:
        """Let friends in only: operators have a door of their own, which asks for a second factor."""
        super().confirm_login_allowed(user)
        if user.kind != Kind.FRIEND:
            raise self.get_invalid_login_error()
