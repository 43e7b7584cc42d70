"""What can go wrong with a place."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnknownPostalCode(DomainError):
    """The country has no such postal code."""

    message = _("We do not know this postal code. Please check it.")
    code, status = "unknown_postal_code", 422
