"""What can go wrong with payouts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError


class NotAnIban(DomainError):
    """Form or check digits are wrong."""

    message = pgettext_lazy(
        "friend", "This IBAN is not correct. Please compare it with your bank card, digit by digit."
    )
    code, status = "not_an_iban", 422


class IbanHasAnotherLength(DomainError):
    """There are digits missing, or too many."""

    code, status = "iban_has_another_length", 422


class IbanOutOfReach(DomainError):
    """Our bank files do not reach the account's country."""

    message = pgettext_lazy("friend", "We can't pay to accounts in this country. Please enter one in the SEPA area.")
    code, status = "iban_out_of_reach", 422


class IbanForBills(DomainError):
    """A QR-IBAN takes payments of bills only."""

    message = pgettext_lazy(
        "friend", "This is a QR-IBAN, which only takes payments of bills. Please enter the IBAN of your account."
    )
    code, status = "iban_for_bills", 422


class HolderIsMissing(DomainError):
    """A bank compares the name."""

    message = pgettext_lazy("friend", "Please enter the account holder's name in letters, as your bank writes it.")
    code, status = "holder_is_missing", 422


class RunIsOpen(DomainError):
    """Of a currency there is one run at a time."""

    message = _("A payout run in this currency is already under way.")
    code = "run_is_open"


class NoBankAccount(DomainError):
    """Nobody has said from which account to pay."""

    message = _("The platform has no bank account for this currency. Please set QUARTETT_PAYOUT_ACCOUNTS.")
    code = "no_bank_account"


class RunIsNotOver(DomainError):
    """A file that would still grow must not reach the bank."""

    message = _("The run is still under way. The bank file will be ready when it has finished.")
    code = "run_is_not_over"


class NothingToOrder(DomainError):
    """All payouts of the file are confirmed or refused: it must not reach the bank again."""

    message = _("Nothing in this file is waiting for the bank any more.")
    code = "nothing_to_order"


class UnableToRefuse(DomainError):
    """The payout has come back already, or never left."""

    message = _("This payout can't be marked as refused any more.")
    code = "unable_to_refuse"


class ReasonIsMissing(DomainError):
    """Whoever waits for money is told why."""

    message = _("Please say why. The friend will read it.")
    code, status = "reason_is_missing", 422


class HeldAlready(DomainError):
    """There is a hold with a reason."""

    message = _("This friend's payouts are already on hold.")
    code = "held_already"
