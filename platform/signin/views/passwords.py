"""Passwords: forgotten, and chosen by the link of a mail."""

from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts.attempts import forget_tries
from accounts.errors import LinkIsVoid
from accounts.models import User
from accounts.services import choose_password
from accounts.tokens import Purpose, holder_of
from kernel.web.limits import limited
from signin.forms import ForgottenForm, NewPasswordForm
from signin.views.parts import Refusing

# Nobody forgets a password so often in ten minutes, an office behind one address included.
MOST, WHILE_S = 20, 600


@method_decorator(limited(of="password-forgotten", most=MOST, within_s=WHILE_S), name="dispatch")
class Forgotten(Refusing, account.PasswordResetView):
    """Ask for a link to choose a new password."""

    template_name = "signin/forgotten.html"
    form_class = ForgottenForm


class Sent(TemplateView):
    """Say that a mail is on its way, if the address is known."""

    template_name = "signin/sent.html"


@method_decorator(
    [
        limited(of="password-new", most=MOST, within_s=WHILE_S),
        never_cache,
        sensitive_post_parameters("password1", "password2"),
    ],
    name="dispatch",
)
class ChoosePassword(Refusing, FormView):
    """Choose a password by the link of a mail: after an invitation, or because it was forgotten."""

    template_name = "signin/choose_password.html"
    form_class = NewPasswordForm
    purpose: Purpose = Purpose.RESET
    person: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Look up whom the link is for, or say that it is void."""
        try:
            self.person = holder_of(kwargs["token"], purpose=self.purpose)
        except LinkIsVoid as error:
            return self._void(error)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the rules for passwords know whose it is."""
        return super().get_form_kwargs() | {"user": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whose password it is."""
        return super().get_context_data(**kwargs) | {
            "person": self.person,
            "is_invitation": self.purpose == Purpose.INVITATION,
        }

    def form_valid(self, form: Form) -> HttpResponse:
        """Set the password and lead to the sign-in, where a second factor is still asked for."""
        try:
            user = choose_password(
                token=self.kwargs["token"], purpose=self.purpose, password=form.cleaned_data["password1"]
            )
        except LinkIsVoid as error:
            return self._void(error)
        if self.request.user.is_authenticated:
            logout(self.request)
        # Whoever can read the mailbox need not wait until failed attempts are forgotten.
        forget_tries(user.email)
        messages.success(self.request, _("Your password has been set. Please sign in with it."))
        return redirect("account_login")

    def _void(self, error: LinkIsVoid) -> HttpResponse:
        return render(self.request, "signin/link_void.html", {"message": str(error)}, status=HTTPStatus.GONE)
