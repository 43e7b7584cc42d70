"""What only the API refuses."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.web.limits import TooManyAttempts


class BodyNotRight(DomainError):
    """The body cannot be read in one way only."""

    message = _("The body is invalid.")
    code, status = "body_not_right", 400


class NothingThere(DomainError):
    """What is asked for does not exist, or is another partner's."""

    message = _("There is nothing at this address.")
    code, status = "not_found", 404


class NotLikeThat(DomainError):
    """The address is there, and not for this method."""

    message = _("This method cannot be used here.")
    code, status = "method_not_allowed", 405


class NotInThatFormat(DomainError):
    """Answers are JSON."""

    message = _("Answers are JSON; please accept application/json.")
    code, status = "not_acceptable", 406


class SendJson(DomainError):
    """Bodies are JSON."""

    message = _("Please send JSON, with the header Content-Type: application/json.")
    code, status = "unsupported_media_type", 415


class SendForm(DomainError):
    """Files are sent as forms are."""

    message = _("Please send the file as multipart/form-data.")
    code, status = "multipart_expected", 415


class ChangedMeanwhile(DomainError):
    """The call was meant for an order as it was before; its ETag says how it is now."""

    message = _("This has changed meanwhile. Please read it again before you change it.")
    code, status = "changed_meanwhile", 412


class BodyTooLarge(DomainError):
    """A body is bounded."""

    message = _("The body is too large.")
    code, status = "body_too_large", 413


class RequestUnreadable(DomainError):
    """Something in the request can be no text, or no JSON."""

    message = _("We could not read that request.")
    code, status = "unreadable_request", 400


class ServerFailed(DomainError):
    """A fault of ours."""

    message = _("Something went wrong on our side. Please try again in a moment.")
    code, status = "server_error", 500


class ServerAway(DomainError):
    """Updates and outages; Retry-After says when to come again."""

    message = _("This service is being updated. Please try again in a minute.")
    code, status = "unavailable", 503


class CallsTooFast(TooManyAttempts):
    """A key, or all keys of a partner together, call more often than agreed; ``retry_s`` says when it goes on."""

    message = _("Too many requests. Please wait as long as the header Retry-After says.")

    def __init__(self, retry_s: int) -> None:
        super().__init__()
        self.retry_s = retry_s
