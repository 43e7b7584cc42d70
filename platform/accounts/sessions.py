"""The mark that ties a session to the schema that made it."""

from typing import Any

from django.db import connection
from django.http import HttpRequest

SCHEMA_KEY = "_schema"


def stamp_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Write the schema of the sign-in into the session."""
    request.session[SCHEMA_KEY] = connection.schema_name  # type: ignore[attr-defined]
