"""Lines of the log: they say in which schema, request and whose name something happened, and hold no secret.

Django writes the address of every refused request down, and addresses hold what lets people in: links of orders, of new
passwords, of drafts.
"""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
NONE = "-"
HIDDEN = "…"
# A part of an address: what stands between its separators.
_PART = re.compile(r"(?<=[/=])[^\s/=?&#\"'<>()\[\]{}\\,;]{16,}")
_DRAFT = re.compile(r"(/bookings/)[0-9a-fA-F-]{8,}")
# Signed or random: capitals, colons and escapes stand in no slug, long runs of hexadecimal digits in no id.
_SECRET = re.compile(r"[A-Z:%]|[0-9a-f]{20}")

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request a number, for its lines in the log and for whoever reports a fault."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; its number is in the answer's header."""
        request.log_id = uuid4().hex[:12]  # type: ignore[attr-defined]  # ours
        token = _current.set(request)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers[HEADER] = request.log_id  # type: ignore[attr-defined]  # ours
        return response


class LineFormatter(logging.Formatter):
    """Makes a line: level, logger, schema, request, user, and the words without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with its traceback."""
        # Django logs an answer when the middleware is through; it hands the request over.
        request = getattr(record, "request", None) or _current.get()
        record.schema_name = _schema_of(request)
        record.request_id = getattr(request, "log_id", NONE)
        record.user_id = _user_of(request)
        return without_secrets(super().format(record))


def without_secrets(text: str) -> str:
    """Return the text without the parts of addresses that let somebody in."""
    text = _DRAFT.sub(rf"\1{HIDDEN}", text)
    return _PART.sub(lambda part: HIDDEN if _SECRET.search(part[0]) else part[0], text)


def _schema_of(request: Any) -> str:
    tenant = getattr(request, "tenant", None)
    return getattr(tenant, "schema_name", None) or connection.schema_name  # type: ignore[attr-defined]  # of django-tenants


def _user_of(request: Any) -> str:
    """Return who is signed in, where that is known already: a line of the log asks the database nothing."""
    user = getattr(request, "_cached_user", None)
    return str(user.pk) if user is not None and user.pk else NONE
