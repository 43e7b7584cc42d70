"""The page "Sign-in and security" and what it leads to: password, authenticator app, recovery codes, passkeys."""

from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy

from accounts.errors import SecondFactorIsNeeded
from accounts.selectors import lacks_second_factor, may_lose, must_have_second_factor
from accounts.services import losing_second_factor
from signin.forms import AddPasskeyForm, ChangePasswordForm, RenamePasskeyForm, SetUpAppForm
from signin.views.parts import Refusing, StaffOnly, for_browser

OVERVIEW = reverse_lazy("mfa_index")


class Security(StaffOnly, base.IndexView):
    """Show what somebody signs in with, and lead to changing it."""

    template_name = "signin/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name what there is in the template's words."""
        context = super().get_context_data(**kwargs)
        found = context["authenticators"]
        codes_left = found["recovery_codes"].get_unused_codes() if "recovery_codes" in found else None
        return context | {
            "is_required": must_have_second_factor(self.request.user),
            "is_lacking": lacks_second_factor(self.request.user),
            "app": found.get("totp"),
            "passkeys": found.get("webauthn", []),
            "codes_left": None if codes_left is None else len(codes_left),
        }


class ChangePassword(StaffOnly, Refusing, account.PasswordChangeView):
    """Change the password; other sessions of the person end by it."""

    template_name = "signin/change_password.html"
    form_class = ChangePasswordForm


class SetUpApp(StaffOnly, Refusing, totp.ActivateTOTPView):
    """Set up an authenticator app: a picture to scan, and the first code."""

    template_name = "signin/app.html"
    form_class = SetUpAppForm


class RemoveApp(StaffOnly, Refusing, totp.DeactivateTOTPView):
    """Remove the authenticator app, unless it is the last second factor and one is required."""

    template_name = "signin/remove_app.html"
    success_url = OVERVIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether it may go."""
        return super().get_context_data(**kwargs) | {"may_go": may_lose(self.authenticator)}

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove it; nobody else's removal comes between check and deed."""
        with losing_second_factor(authenticator=self.authenticator):
            return super().form_valid(form)


class RecoveryCodes(StaffOnly, codes.ViewRecoveryCodesView):
    """Show the recovery codes."""

    template_name = "signin/codes.html"


class NewRecoveryCodes(StaffOnly, Refusing, codes.GenerateRecoveryCodesView):
    """Make new recovery codes; the old ones are void by it."""

    template_name = "signin/new_codes.html"


class DownloadRecoveryCodes(StaffOnly, codes.DownloadRecoveryCodesView):
    """Give the recovery codes as a text file."""

    template_name = "signin/codes.txt"


class AddPasskey(StaffOnly, Refusing, passkeys.AddWebAuthnView):
    """Add a passkey; the browser makes it, with the help of the script."""

    template_name = "signin/add_passkey.html"
    form_class = AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the options of the browser's ceremony."""
        context = super().get_context_data(**kwargs)
        return context | {"passkey_options": for_browser(context["js_data"]["creation_options"])} | kwargs


class RenamePasskey(StaffOnly, Refusing, passkeys.EditWebAuthnView):
    """Give a passkey another name."""

    template_name = "signin/rename_passkey.html"
    form_class = RenamePasskeyForm
    success_url = OVERVIEW


class RemovePasskey(StaffOnly, passkeys.RemoveWebAuthnView):
    """Remove a passkey, unless it is the last second factor and one is required."""

    template_name = "signin/remove_passkey.html"
    success_url = OVERVIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether it may go."""
        return super().get_context_data(**kwargs) | {"may_go": may_lose(self.object)}

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove it; nobody else's removal comes between check and deed."""
        try:
            with losing_second_factor(authenticator=self.object):
                return super().form_valid(form)
        except SecondFactorIsNeeded:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return render(self.request, self.template_name, self.get_context_data(form=form), status=status)
