"""Who is signed in, with what, and how often they act: a session of this schema only, a second factor, limits."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Kind
from accounts.selectors import lacks_second_factor
from accounts.sessions import SCHEMA_KEY
from kernel.web.answers import refuse
from kernel.web.limits import Limit, TooManyAttempts, address_of

Handler = Callable[[HttpRequest], HttpResponse]

# What is served without the second factor: the pages that set it up, and what every page needs.
ACCOUNT_NAMES = ("account_", "mfa_")
NEEDED_NAMES = {"health", "theme", "admin_theme"}
# What sends nothing off and is not counted.
SAFE = {"GET", "HEAD", "OPTIONS"}
FORMS_S = 600


class SessionGuardMiddleware:
    """Empty a session of another schema, or of none, whatever is in it. It fails closed.

    Not only who is signed in stands in a session, but also who has given a password and not yet the second factor,
    the challenge of a passkey and the secret of an authenticator app that is being set up.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check before anything reads ``request.user``, and stamp what was written meanwhile."""
        session, schema = request.session, connection.schema_name  # type: ignore[attr-defined]  # of django-tenants
        if session.keys() and session.get(SCHEMA_KEY) != schema:
            session.flush()
            request.user = AnonymousUser()
        response = self.get_response(request)
        # The view may have put a new one into its place.
        session = request.session
        if session.modified and session.keys() and SCHEMA_KEY not in session:
            session[SCHEMA_KEY] = schema
        return response


class SecondFactorMiddleware:
    """Lead who must set up a second factor to the page where it is done, before anything else is served."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Handler, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect, or answer None where the page may be served."""
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        if name.startswith(ACCOUNT_NAMES) or name in NEEDED_NAMES or not lacks_second_factor(request.user):
            return None
        return redirect("mfa_index")


class FormLimitMiddleware:
    """Limit what anybody can send off in ten minutes, whatever it is: a net below the limits of single views.

    So no form that causes mails, holds a file or takes a secret is without a limit, a new one included.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Handler, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Count what is sent off and what is opened by a signed link, or refuse it with 429."""
        if getattr(view, "is_unlimited", False):
            return None
        address, user = address_of(request), request.user
        try:
            if "token" in kwargs:
                Limit("links", settings.LINKS_FROM_ADDRESS, FORMS_S).count(address)
            if request.method in SAFE:
                return None
            is_staff = user.is_authenticated and user.kind != Kind.FRIEND
            if user.is_authenticated:
                most = settings.FORMS_OF_STAFF if is_staff else settings.FORMS_OF_FRIEND
                Limit("forms-of-person", most, FORMS_S).count(str(user.uuid))
            else:
                Limit("forms", settings.FORMS_FROM_ADDRESS, FORMS_S).count(address)
            if "token" in kwargs:
                Limit("forms-by-link", settings.FORMS_BY_LINK, FORMS_S).count(kwargs["token"])
            if request.FILES and not is_staff:
                Limit("uploads", settings.UPLOADS_FROM_ADDRESS, FORMS_S).count(address)
        except TooManyAttempts as error:
            return refuse(request, error)
        return None
