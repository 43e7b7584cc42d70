"""What can go wrong with messages."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class NotGivenUp(DomainError):
    """Somebody wants to try a message again that is on its way, or gone."""

    message = _("This message is not given up any more.")
    code = "not_given_up"
