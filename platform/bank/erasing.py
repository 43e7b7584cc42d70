"""Taking who paid out of what the bank has told, once the order itself is erased; amounts and references stay."""

from uuid import UUID

from bank.models import BankPayment, Claim
from bank.states import ClaimState


def is_money_open(*, tenant_id: int, order_id: UUID) -> bool:
    """Say whether an order's invoice waits for money, or money that came in for it for a decision (2 queries)."""
    claims = Claim.objects.filter(tenant_id=tenant_id, order_id=order_id, state=ClaimState.OPEN)
    payments = BankPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, settled_at=None)
    return claims.exists() or payments.exists()


def forget_payer(*, tenant_id: int, order_id: UUID) -> None:
    """Empty name, account and words of an order's payments, and the name on its claims."""
    about = {"tenant_id": tenant_id, "order_id": order_id}
    BankPayment.objects.filter(**about).update(payer="", payer_iban="", words="")
    Claim.objects.filter(**about).update(debtor="")
