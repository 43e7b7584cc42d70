"""The Content-Security-Policy of the managers' admin, and the limits of an operator's session in it."""

import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kernel.clock import now
from kernel.web.answers import say
from tenants.models import SupportAccess
from tenants.requests import Request
from tenants.selectors import running_accesses

logger = logging.getLogger("support")

# What a support session holds: the access it is bound to and when that is over.
SUPPORT_KEY = "support"
# Whoever is let in for support may not take another name: all they do is logged under theirs.
ACCOUNT_PATH = "/admin/account/"

# What Wagtail's views raise for a field that is missing, empty or of the wrong kind.
FROM_INPUT = (AttributeError, KeyError, NoReverseMatch, TypeError, ValueError)

# Wagtail's admin prints inline scripts and styles without a nonce; everything else is as strict as on the brand site.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
)


class AdminPolicyMiddleware:
    """Set the policy on answers of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header to answers below ``/admin/``."""
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            # Wagtail says of its previews that the editor beside them may frame them.
            is_framed = response.headers.get("X-Frame-Options") == "SAMEORIGIN"
            response.headers["Content-Security-Policy"] = POLICY + ("'self'" if is_framed else "'none'")
        return response


class StaffInputMiddleware:
    """Answer 400 where a view of Wagtail's own fails on what was sent to it.

    Wagtail takes for granted that its own pages have sent what it reads: a field that is missing, or words where a
    number should be, fail inside it. Only staff get that far, and only with requests that they have made up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Write down what Wagtail could not read, and say so; a fault of our own views goes its way."""
        view = request.resolver_match.func if request.resolver_match else None
        is_wagtails = getattr(view, "__module__", "").startswith("wagtail.")
        if not is_wagtails or not isinstance(exception, FROM_INPUT):
            return None
        logger.warning("Wagtail could not read a request: %s: %s", type(exception).__name__, exception)
        return say(request, _("We could not read that request."), status=HTTPStatus.BAD_REQUEST)


class SupportSessionMiddleware:
    """End an operator's session at once where its access is over or was ended, and log each of its requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Look at the session's own time first, then at the partner's row."""
        mark = request.session.get(SUPPORT_KEY)
        if mark is None:
            return self.get_response(request)
        access = _running(request, mark, now())
        if access is None:
            logout(request)
            return say(request, _("The support access has ended. You are signed out."), status=HTTPStatus.FORBIDDEN)
        logger.info("%s: access %s: %s %s", access.operator_name, access.pk, request.method, request.path)
        if request.path_info.startswith(ACCOUNT_PATH):
            return say(request, _("With support access you cannot change an account."), status=HTTPStatus.FORBIDDEN)
        return self.get_response(request)


def _running(request: Request, mark: dict[str, Any], moment: datetime) -> SupportAccess | None:
    ends_at = parse_datetime(mark["ends_at"])
    if ends_at is None or ends_at <= moment:
        return None
    return running_accesses(request.tenant, now=moment).filter(pk=mark["access"]).first()
