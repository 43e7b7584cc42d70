"""What can go wrong with notices."""

from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError
from outbox.errors import UnableToDeliver


class UnknownPushService(DomainError):
    """A browser names a push service that is not on our list."""

    message = pgettext_lazy("friend", "We do not know the push service of this browser, so we send nothing there.")
    code, status = "unknown_push_service", 422


class BrokenSubscription(DomainError):
    """A subscription without keys that anybody could encrypt with."""

    message = pgettext_lazy("friend", "Push could not be set up in this browser. Please try again.")
    code, status = "broken_subscription", 422


class PushIsOff(DomainError):
    """The installation has no key of its own to send pushes with."""

    message = pgettext_lazy(
        "friend", "Push is not switched on here yet. Your notifications come by email and in the app."
    )
    code, status = "push_is_off", 409


class UnableToPush(UnableToDeliver):
    """A push service did not take a message; it is worth another try."""
