"""What can go wrong with keys and with calls that are repeated."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, FieldsNotRight


class UnableToMakeKey(FieldsNotRight):
    """Something about a new key is missing or wrong; ``fields`` says what."""

    code = "unable_to_make_key"


class KeyIsOver(DomainError):
    """A key that has ended or expired is neither replaced nor ended once more."""

    message = _("This key is no longer valid.")
    code = "key_is_over"


class TooManyKeys(DomainError):
    """A partner has so many keys at a time."""

    message = _("There can be at most 50 keys at a time. Please revoke one that is no longer used.")
    code = "too_many_keys"


class UnableToMakeEndpoint(FieldsNotRight):
    """Something about a new endpoint is missing or wrong; ``fields`` says what."""

    code = "unable_to_make_endpoint"


class EndpointIsOver(DomainError):
    """An endpoint that has ended is not changed any more."""

    message = _("This endpoint has already been removed.")
    code = "endpoint_is_over"


class EndpointIsPaused(DomainError):
    """Nothing is sent again to an endpoint that is paused."""

    message = _("This endpoint is paused. Please resume it first.")
    code = "endpoint_is_paused"


class UnableToReplay(FieldsNotRight):
    """The span of time to be sent again is missing, wrong or too long; ``fields`` says what."""

    code = "unable_to_replay"


class UnableToCall(Exception):
    """Nobody answered at an endpoint, or it is at an address that is not called."""


class KeyMissing(DomainError):
    """A call carries no key."""

    message = _("Please send your key in the header: Authorization: Bearer …")
    code, status = "key_missing", 401


class KeyUnknown(DomainError):
    """Nobody here has this key."""

    message = _("We do not know this key. Please check that it is complete and was created for this host.")
    code, status = "key_unknown", 401


class KeyEnded(DomainError):
    """Somebody has ended the key."""

    message = _("This key has been revoked. Please use another one.")
    code, status = "key_ended", 401


class KeyExpired(DomainError):
    """The key's time is over."""

    message = _("This key has expired. Please use another one.")
    code, status = "key_expired", 401


class NetworkNotAllowed(DomainError):
    """The key may only be used from some networks."""

    message = _("This key may not be used from your network.")
    code, status = "network_not_allowed", 403


class ScopeMissing(DomainError):
    """The key may not do this; ``scope`` is what it would need."""

    message = _("This key may not do that.")
    code, status = "scope_missing", 403

    def __init__(self, scope: str) -> None:
        super().__init__(_("This key may not do that. It needs the scope %(scope)s.") % {"scope": scope})
        self.scope = scope


class IdempotencyKeyMissing(DomainError):
    """Whoever writes says by which name the same call can be told from another one."""

    message = _(
        "Please send the header Idempotency-Key with 1 to 255 visible characters, a new value for each request."
    )
    code, status = "idempotency_key_missing", 400


class IdempotencyKeyReused(DomainError):
    """The name has been used for another call."""

    message = _("This Idempotency-Key was already used for a different request. Please use a new one.")
    code, status = "idempotency_key_reused", 422


class StillBeingAnswered(DomainError):
    """The same call is being worked on at this moment."""

    message = _("The same request is being processed right now. Please try again in a moment.")
    code, status = "still_being_answered", 409
