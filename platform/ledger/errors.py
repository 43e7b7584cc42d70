"""What the books refuse."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnableToPost(DomainError):
    """The books do not take a transaction."""

    code = "unable_to_post"


class OutOfBalance(UnableToPost):
    """Debits and credits are not equal in every currency."""

    message = _("Debits and credits are not equal.")
    code, status = "out_of_balance", 422


class BookedDifferently(UnableToPost):
    """The same act is in the books with other figures."""

    message = _("This has already been booked with other figures.")
    code = "booked_differently"


class PeriodClosed(UnableToPost):
    """The books are closed for that day."""

    message = _("The books are closed for that day.")
    code = "period_closed"


class UnableToReverse(DomainError):
    """A transaction is reversed once, and a reversal never."""

    message = _("This transaction can't be reversed.")
    code = "unable_to_reverse"


class UnableToClose(DomainError):
    """Books are closed forward and never for days that are not over."""

    message = _("Books can only be closed for days that are over and not closed yet.")
    code, status = "unable_to_close", 422
