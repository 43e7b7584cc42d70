"""What can go wrong with messages."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class NotGivenUp(DomainError):
    """Somebody wants to try a message again that is on its way, or gone."""

    message = _("This message is being sent again.")
    code = "not_given_up"


class UnableToDeliver(Exception):
    """The other side did not take a message; it is worth another try, and not before ``wait`` is over."""

    def __init__(self, text: str, *, wait: timedelta = timedelta(0)) -> None:
        super().__init__(text)
        self.wait = wait


class UnableToReach(UnableToDeliver):
    """The other side is away altogether; nothing else needs to be tried on this channel for now."""
