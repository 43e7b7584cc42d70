"""The forms of the staff's door: allauth's rules, our words, formal throughout."""

import struct
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.attempts import take_back_try
from accounts.models import User
from journeys.reset_password import ask_for_new_password
from kernel.clock import now
from kernel.web.limits import Limit, TooManyAttempts

# What allauth and fido2 let through where a browser's answer was made up by somebody.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, struct.error)


def say(field: forms.Field, label: str, hint: str = "", **attrs: str) -> None:
    """Give a field of allauth's our own words."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= attrs


class SignInForm(account.LoginForm):
    """Mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget = forms.EmailInput({"autocomplete": "username", "autofocus": True})
        say(self.fields["login"], _("Email"))
        say(self.fields["password"], _("Password"))


class ConfirmForm(account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password"], _("Password"))


class OnceOnly:
    """Refuse a code of an authenticator app that was used already, as long as its time is not over.

    allauth remembers a code for one period, yet takes it for longer where ``MFA_TOTP_TOLERANCE`` is set.
    """

    def use_up(self, user: User, code: str) -> None:
        """Note that a code was used.

        Raises ValidationError where it was before.
        """
        valid_s = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
        try:
            Limit("code", most=1, within_s=valid_s).count(f"{user.uuid}:{code.strip()}")
        except TooManyAttempts as error:
            raise get_adapter().validation_error("incorrect_code") from error


class CountedCode:
    """Count each code that is tried as a secret of the person."""

    user: User

    def counted(self, judge: Callable[[], str]) -> str:
        """Return what the judgement finds.

        Raises ValidationError where it is wrong, or where there were too many.
        """
        account = f"second-step:{self.user.uuid}"
        get_account_adapter().count_try(context.request, account)
        found = judge()
        take_back_try(context.request, account)
        return found


class CodeForm(CountedCode, OnceOnly, codes.AuthenticateForm):
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("From your authenticator app, or one of your recovery codes."))

    def clean_code(self) -> str:
        """Check the code and use it up."""
        code: str = self.counted(super().clean_code)
        if self.authenticator.type == Authenticator.Type.TOTP:
            self.use_up(self.user, code)
        return code


class ConfirmCodeForm(CodeForm, codes.ReauthenticateForm):
    """A code, to confirm who one is."""

    save = codes.ReauthenticateForm.save


class SetUpAppForm(CountedCode, OnceOnly, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("The six digits that the app shows now."))

    def clean_code(self) -> str:
        """Check the code and use it up."""
        code: str = self.counted(super().clean_code)
        self.use_up(self.user, code)
        return code


class PasskeyWords:
    """Say in words that fit when a passkey was not right."""

    def clean_credential(self) -> Authenticator:
        """Check what the browser answered."""
        unknown = ValidationError(_("This passkey does not belong to an account here."), code="incorrect_code")
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form this is mixed into
        except UNREADABLE as error:
            raise unknown from error
        except ValidationError as error:
            if error.code != unknown.code:
                raise
            raise unknown from error


class PasskeySignInForm(PasskeyWords, passkeys.LoginWebAuthnForm):
    """A passkey alone."""


class PasskeySecondForm(PasskeyWords, passkeys.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class ConfirmPasskeyForm(PasskeyWords, passkeys.ReauthenticateWebAuthnForm):
    """A passkey, to confirm who one is."""


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    """A new passkey, with a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60
        say(self.fields["name"], _("Name"), _("So you can recognise it, for example “Work laptop”."), maxlength="60")
        self.fields["name"].required = True
        self.fields["credential"].error_messages["required"] = _("The browser did not create a passkey.")
        say(self.fields["credential"], _("Passkey"))
        self.fields["passwordless"].initial = True
        say(
            self.fields["passwordless"],
            _("Sign in with this passkey alone, without the password"),
            _("The device then asks for your fingerprint, your face or its PIN."),
        )

    def clean(self) -> dict[str, Any]:
        """Check what the browser answered, and say so beside the passkey where it is none."""
        try:
            return super().clean()
        except (*UNREADABLE, ValidationError):
            self.add_error("credential", _("The browser did not create a passkey."))
            return self.cleaned_data


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60
        say(self.fields["name"], _("Name"), maxlength="60")


class ForgottenForm(account.ResetPasswordForm):
    """The mail address of somebody who forgot the password; nobody learns whether it is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = forms.EmailInput({"autocomplete": "username", "autofocus": True})
        say(self.fields["email"], _("Email"))

    def clean_email(self) -> str:
        """Return the address without looking it up."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask for the mail."""
        email: str = self.cleaned_data["email"]
        ask_for_new_password(email=email, now=now())
        return email


class TwoEntries:
    """Compare both entries of a new password, in our words; allauth's own comparison is left out."""

    def clean(self: Any) -> dict[str, Any]:
        """Add a fault to the second entry where it differs."""
        cleaned: dict[str, Any] = self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords don't match."))
        return cleaned


class NewPasswordForm(TwoEntries, account.ResetPasswordKeyForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new(self.fields)


class ChangePasswordForm(TwoEntries, account.ChangePasswordForm):
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["oldpassword"], _("Current password"))
        _say_new(self.fields)

    def clean_oldpassword(self) -> str:
        """Ask whoever sits here to know the password; each try counts as one at the sign-in."""
        get_account_adapter().count_try(context.request, self.user.email)
        known: str = super().clean_oldpassword()
        take_back_try(context.request, self.user.email)
        return known


def _say_new(fields: dict[str, forms.Field]) -> None:
    say(
        fields["password1"],
        _("New password"),
        _("At least ten characters. Avoid common passwords."),
    )
    say(fields["password2"], _("Repeat new password"))


def _say_code(field: forms.Field, hint: str) -> None:
    say(field, _("Code"), hint, inputmode="numeric", autocomplete="one-time-code")
    field.widget.attrs["autofocus"] = True
