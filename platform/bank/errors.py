"""What is wrong with a bank file, or with what is asked of a payment."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnreadableFile(DomainError):
    """The file is no statement that can be read whole; nothing of it was booked."""

    code, status = "unreadable_bank_file", 422


class BrokenFile(UnreadableFile):
    """Not read to its end: cut off, or in another encoding than it says."""

    message = _("This file is damaged or cut off. Please download it from the bank again.")
    code = "broken_bank_file"


class NotAStatement(UnreadableFile):
    """Something else than camt.053 or MT940."""

    message = _(
        "This is not an account statement in the format camt.053 or MT940. Please choose one of them at the bank."
    )
    code = "not_a_statement"


class IncompleteStatement(UnreadableFile):
    """Opening balance, entries and closing balance do not add up."""

    message = _("The entries of this statement do not add up to its closing balance, so it is incomplete.")
    code = "incomplete_statement"


class StrangeAccount(UnreadableFile):
    """A statement of an account that no invoice names."""

    message = _("This statement is of another account: no partner's invoices name it.")
    code = "strange_account"


class ClaimIsClosed(DomainError):
    """The invoice is paid, written off or taken back."""

    message = _("This invoice is no longer open.")
    code = "claim_is_closed"


class AlreadySettled(DomainError):
    """Somebody has dealt with the payment meanwhile."""

    message = _("This payment has already been dealt with.")
    code = "payment_settled"
