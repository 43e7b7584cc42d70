"""How a bill is paid."""

from billing.kinds import BillKind
from billing.models import Bill
from kernel.files import payment_part as papers
from kernel.files.payment_part import Payable, PaymentPart


def payment_part(bill: Bill) -> PaymentPart | None:
    """Return how to pay a bill; None where there is nothing to be paid, or the seller has no account."""
    iban = bill.seller["iban"]
    if bill.kind != BillKind.INVOICE or not iban or not bill.gross_minor:
        return None
    return papers.payment_part(
        Payable(
            iban=iban,
            payee=bill.payee,
            payer=bill.buyer,
            amount_minor=bill.gross_minor,
            currency=bill.currency,
            reference=bill.reference,
            number=bill.number,
            language=bill.language,
        )
    )
