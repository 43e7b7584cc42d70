"""Signed tokens for links in mails. The schema is part of the salt: a link of one partner is void at another."""

from django.core import signing
from django.db import connection


def sign(value: str, *, purpose: str) -> str:
    """Return a URL-safe, time-stamped token for a value."""
    return signing.dumps(value, salt=_salt(purpose))


def unsign(token: str, *, purpose: str, max_age_s: int) -> str:
    """Return the value of a token.

    Raises ``signing.SignatureExpired`` where it is older than ``max_age_s`` seconds, else ``signing.BadSignature``.
    """
    return signing.loads(token, salt=_salt(purpose), max_age=max_age_s)


def _salt(purpose: str) -> str:
    return f"quartett.{purpose}.{connection.schema_name}"  # type: ignore[attr-defined]  # set by django-tenants
