"""How django-allauth behaves here: nobody signs up, staff and operators sign in on their own hosts, in our words."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.attempts import count_try, take_back_try
from accounts.errors import SecondFactorIsNeeded
from accounts.models import User
from accounts.selectors import may_lose, signs_in_here
from kernel.web.limits import TooManyAttempts, address_of
from tenants.context import current_tenant

FRESH_S = 300
TOO_OFTEN = _("Too many failed attempts. Please try again in five minutes.")
# What allauth says after a success, by the name of its template; what is not here is not said.
SAID: dict[str, str | Promise] = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password has been changed."),
    "mfa/messages/totp_activated.txt": _("The authenticator app has been set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app has been removed."),
    "mfa/messages/webauthn_added.txt": _("Passkey added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey has been removed."),
    "mfa/messages/recovery_codes_generated.txt": _("Your recovery codes have been created."),
}


class StaffAdapter(DefaultAccountAdapter):
    """Sign-in with mail address and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Wrong email address or password."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": TOO_OFTEN,
        "too_many_login_attempts": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: staff are invited, and nobody else signs in here."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address as all our limits see it."""
        return address_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose credentials these are, or None, which it also is for somebody of another door."""
        email = credentials.get("email", "")
        self.count_try(request, email)
        user = super().authenticate(request, **credentials)
        if user is None or not signs_in_here(user):
            return None
        take_back_try(request, email)
        return user

    def count_try(self, request: HttpRequest, account: str) -> None:
        """Count a secret before it is judged.

        Raises ValidationError where there were too many.
        """
        try:
            count_try(request, account)
        except TooManyAttempts as error:
            raise self.validation_error("too_many_login_attempts") from error

    def reauthenticate(self, user: User, password: str) -> bool:
        """Say whether the password is that of who is signed in; failures count as at the sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse somebody of another door, whatever they signed in with."""
        if signs_in_here(user):
            return None
        messages.error(request, gettext("You cannot sign in here."))
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again unless it, or a second factor, was given within the last minutes."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < FRESH_S for record in records)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways to confirm who one is, in our words."""
        words = {
            "reauthenticate": gettext("Use your password"),
            "mfa_reauthenticate": gettext("Use a code"),
            "mfa_reauthenticate:webauthn": gettext("Use a passkey"),
        }
        return [way | {"description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to the partner's admin and operators to their home."""
        return resolve_url(settings.OPERATORS_HOME if current_tenant() is None else settings.STAFF_HOME)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the page of sign-in and security."""
        return reverse("mfa_index")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what happened in our words."""
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys, named after the brand of the host."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": SecondFactorIsNeeded.message,
        "cannot_generate_recovery_codes": _("Recovery codes come with a second factor. Please set one up first."),
        "incorrect_code": _("This code is wrong or has already been used."),
    }

    def get_totp_issuer(self) -> str:
        """Return the brand's name, which the authenticator app shows."""
        return str(context.request.tenant.name)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return host and name: a passkey belongs to one host, so another partner never sees it."""
        return super().get_public_key_credential_rp_entity() | {"name": context.request.tenant.name}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # allauth's word
        """Propose a name for the next passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say no to the last one where one is required."""
        return may_lose(authenticator)
