"""Who calls: the key in the header, which is a row of this partner's schema, so any other partner's key is nobody."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from api.errors import CallsTooFast
from developers.errors import KeyMissing
from developers.models import Key
from developers.selectors import key_of_token
from developers.services import note_use
from kernel.clock import real_now
from kernel.errors import DomainError
from kernel.web.limits import Limit, TooManyAttempts, address_of

SCHEME = "bearer"
# So many wrong keys from one address in ten minutes.
WRONG_KEYS = Limit("api-keys", 60, 600)


class KeyAuthentication(BaseAuthentication):
    """Finds the key; a call without a right one goes no further."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Key]:
        """Return nobody, for no person calls, and the key.

        Raises KeyMissing, KeyUnknown, KeyEnded, KeyExpired, NetworkNotAllowed or CallsTooFast.
        """
        scheme, _separator, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise KeyMissing
        address, moment = address_of(request), real_now()
        try:
            key = key_of_token(token.strip(), address=address, now=moment)
        except DomainError:
            _count_wrong(address)
            raise
        note_use(key, now=moment)
        return AnonymousUser(), key


def _count_wrong(address: str) -> None:
    """Count a wrong key; right ones from the same address go on, for it may be that of a whole company.

    Raises CallsTooFast.
    """
    try:
        WRONG_KEYS.count(address)
    except TooManyAttempts as error:
        raise CallsTooFast(WRONG_KEYS.within_s) from error


class KeyScheme(OpenApiAuthenticationExtension):
    """How the key is sent, for OpenAPI."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": SCHEME, "description": "A key that the partner's manager has created."}
