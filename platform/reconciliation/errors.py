"""What can go wrong with differences."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class ReasonIsMissing(DomainError):
    """Nobody sets a difference aside without saying why."""

    message = _("Please say why.")
    code, status = "reason_is_missing", 422


class DecidedAlready(DomainError):
    """The difference is gone, or somebody has set it aside."""

    message = _("This difference has been resolved or set aside already.")
    code = "difference_decided"
