"""A session is worth nothing outside the schema that made it."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.sessions import SCHEMA_KEY


class SessionGuardMiddleware:
    """Make a signed-in session of another schema, or of none, anonymous. It fails closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check before anything reads ``request.user``."""
        session = request.session
        if SESSION_KEY in session and session.get(SCHEMA_KEY) != connection.schema_name:  # type: ignore[attr-defined]
            session.flush()
            request.user = AnonymousUser()
        return self.get_response(request)
