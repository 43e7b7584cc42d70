"""What can go wrong with users."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class AddressTaken(DomainError):
    """Somebody signs in with this mail address already."""

    message = _("There is a sign-in with this e-mail address already.")
    code, status = "address_taken", 422
