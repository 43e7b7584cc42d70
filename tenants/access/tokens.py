"""Signed tokens for links. The schema is part of the salt: a link of one partner is void at another."""

from django.core import signing
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac


def sign(value: str, *, purpose: str) -> str:
    """Return a URL-safe, time-stamped token for a value."""
    return signing.dumps(value, salt=_salt(purpose))


def unsign(token: str, *, purpose: str, max_age_s: int) -> str:
    """Return the value of a token.

    Raises ``signing.SignatureExpired`` where it is older than ``max_age_s`` seconds, else ``signing.BadSignature``.
    """
    return signing.loads(token, salt=_salt(purpose), max_age=max_age_s)


def seal(value: str, *, purpose: str) -> str:
    """Return the seal of a value that is public itself; always the same, so that browsers can keep the address."""
    return salted_hmac(_salt(purpose), value, algorithm="sha256").hexdigest()[:32]


def is_sealed(value: str, seal_: str, *, purpose: str) -> bool:
    """Say whether the seal is that of the value in this schema."""
    return constant_time_compare(seal(value, purpose=purpose), seal_)


def _salt(purpose: str) -> str:
    return f"quartett.{purpose}.{connection.schema_name}"  # type: ignore[attr-defined]  # set by django-tenants
