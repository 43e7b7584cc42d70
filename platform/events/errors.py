"""What can go wrong with events."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class NoSuchEvent(DomainError):
    """There is no such event, or not for whoever asks."""

    message = _("We could not find this event.")
    code, status = "no_such_event", HTTPStatus.NOT_FOUND


class SignUpClosed(DomainError):
    """The event has begun or is over, so nobody signs up any more."""

    message = _("You can no longer sign up: the event has already started.")
    code = "sign_up_closed"


class AlreadyThere(DomainError):
    """Whoever is checked in does not give the seat back."""

    message = _("This seat can no longer be given back: whoever has it is checked in.")
    code = "already_there"


class EventCalledOff(DomainError):
    """The event does not take place."""

    message = _("This event has been cancelled.")
    code = "event_called_off"


class NotOnTheList(DomainError):
    """Whoever should be checked in has no seat."""

    message = _("This person has no seat.")
    code = "not_on_the_list"


class NoSuchTime(DomainError):
    """The clock skips this time, when daylight saving time begins."""

    message = _("This time does not exist: the clocks go forward then. Please choose one before or after.")
    code, status = "no_such_time", HTTPStatus.UNPROCESSABLE_ENTITY
