"""Tokens by which somebody chooses a password: of one schema, of one purpose, for a limited time, used once.

A token is signed with the schema in its salt. It also holds a fingerprint of the password hash and the last sign-in,
so that both setting a password and signing in make it void.
"""

from enum import StrEnum

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.errors import LinkIsVoid
from accounts.models import User
from tenants.access.tokens import sign, unsign

HOUR_S = 3600


class Purpose(StrEnum):
    """Why somebody chooses a password."""

    RESET = "password-reset"
    INVITATION = "invitation"


VALID_S = {Purpose.RESET: HOUR_S, Purpose.INVITATION: 7 * 24 * HOUR_S}


def password_token(user: User, *, purpose: Purpose) -> str:
    """Return a token for the link in a mail. Run inside the schema of the user."""
    return sign(f"{user.uuid}:{_fingerprint(user)}", purpose=purpose)


def holder_of(token: str, *, purpose: Purpose, lock: bool = False) -> User:
    """Return whom a token is for. ``lock`` holds the row until the transaction ends.

    Raises LinkIsVoid.
    """
    try:
        uuid, _, fingerprint = unsign(token, purpose=purpose, max_age_s=VALID_S[purpose]).partition(":")
    except signing.BadSignature as error:
        raise LinkIsVoid from error
    users = User.objects.select_for_update() if lock else User.objects.all()
    user = users.filter(uuid=uuid, is_active=True).first()
    if user is None or not constant_time_compare(fingerprint, _fingerprint(user)):
        raise LinkIsVoid
    return user


def _fingerprint(user: User) -> str:
    return salted_hmac("accounts.password-token", f"{user.password}:{user.last_login}:{user.email}").hexdigest()
