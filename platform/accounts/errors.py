"""What can go wrong with those who sign in."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class EmailIsTaken(DomainError):
    """Somebody here has this address already."""

    message = _("This email address is already registered.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "email_taken"


class LinkIsVoid(DomainError):
    """The link was used, is too old, or is not of this host."""

    message = _("This link has already been used or has expired.")
    status = HTTPStatus.GONE
    code = "link_void"


class SecondFactorIsNeeded(DomainError):
    """The last second factor cannot go where one is required."""

    message = _("You need a second factor here, so the last one cannot be removed. Please set up another one first.")
    code = "second_factor_needed"
