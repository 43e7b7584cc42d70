"""What can go wrong in the catalogue."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class PackageClosed(DomainError):
    """The package is not sold any more."""

    message = _("This package cannot be booked at the moment.")
    code, status = "package_closed", 410


class NoPriceInCountry(DomainError):
    """The package has no price in the customer's country."""

    message = _("This package is not available in that country.")
    code, status = "no_price_in_country", 422


class CodeTaken(DomainError):
    """Another campaign has the code."""

    message = _("This code exists already. Please choose another.")
    code, status = "code_taken", 422


class CodeUnreadable(DomainError):
    """A code of letters and digits is read aloud and typed."""

    message = _("Please use 4 to 20 letters and digits, without umlauts or accents.")
    code, status = "code_unreadable", 422
