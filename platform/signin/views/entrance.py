"""Coming in and going out: password, passkey, second step, confirming who one is."""

from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import views as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.selectors import second_factors
from kernel.web.limits import limited
from signin.forms import (
    CodeForm,
    ConfirmCodeForm,
    ConfirmForm,
    ConfirmPasskeyForm,
    PasskeySecondForm,
    PasskeySignInForm,
    SignInForm,
)
from signin.views.parts import Refusing, StaffOnly, for_browser, status_of

# Nobody asks for passkeys so often in ten minutes, an office behind one address included.
PASSKEYS, WHILE_S = 60, 600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where somebody works: staff to the partner's admin, operators to their home."""
    return redirect(get_adapter().get_login_redirect_url(request))


class SignIn(Refusing, account.LoginView):
    """Sign in with mail address and password."""

    template_name = "signin/sign_in.html"
    form_class = SignInForm


@method_decorator(limited(of="passkey", most=PASSKEYS, within_s=WHILE_S), name="dispatch")
class PasskeySignIn(passkeys.LoginWebAuthnView):
    """Sign in with a passkey alone: the script fetches the challenge and sends the answer."""

    form_class = PasskeySignInForm

    def form_invalid(self, form: Form) -> HttpResponse:
        """Lead back to the sign-in with the fault, and keep where the visitor wanted to go."""
        for fault in form.errors.get("credential", []):
            messages.error(self.request, str(fault))
        wanted = self.request.POST.get("next", "")
        return HttpResponseRedirect(reverse("account_login") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


class SecondStep(codes.AuthenticateView):
    """The second step: a code, or a passkey."""

    template_name = "signin/second_step.html"
    form_class = CodeForm
    webauthn_form_class = PasskeySecondForm

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the step again with the fault."""
        context = self.get_context_data() | {"form": form}
        return self.render_to_response(context, status=status_of(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what this person has, and the challenge for a passkey."""
        context = super().get_context_data(**kwargs)
        kinds = set(second_factors(self.stage.login.user).values_list("type", flat=True))
        return context | {
            "code_form": self.auth_form,
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
            "passkey_options": for_browser(context["js_data"]["request_options"]),
        }


class SignOut(account.LogoutView):
    """Sign out; without a form that was sent the page asks first."""

    template_name = "signin/sign_out.html"


class ConfirmByPassword(StaffOnly, Refusing, account.ReauthenticateView):
    """Ask for the password once more before something is changed that matters."""

    template_name = "signin/confirm.html"
    form_class = ConfirmForm


class ConfirmByCode(StaffOnly, Refusing, codes.ReauthenticateView):
    """Ask for a code instead of the password."""

    template_name = "signin/confirm.html"
    form_class = ConfirmCodeForm


class ConfirmByPasskey(StaffOnly, Refusing, passkeys.ReauthenticateWebAuthnView):
    """Ask for a passkey instead of the password."""

    template_name = "signin/confirm.html"
    form_class = ConfirmPasskeyForm

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the page again; allauth would lead to the sign-in."""
        return Refusing.form_invalid(self, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the challenge."""
        context = super().get_context_data(**kwargs)
        options = for_browser(context["js_data"]["request_options"])
        return context | {"passkey_options": options} | kwargs
