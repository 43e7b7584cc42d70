"""Taking who paid out of what the bank has told, once the order itself is erased; amounts and references stay."""

from uuid import UUID

from bank.models import BankPayment, Claim


def forget_payer(*, tenant_id: int, order_id: UUID) -> None:
    """Empty name, account and words of an order's payments, and the name on its claims."""
    about = {"tenant_id": tenant_id, "order_id": order_id}
    BankPayment.objects.filter(**about).update(payer="", payer_iban="", words="")
    Claim.objects.filter(**about).update(debtor="")
