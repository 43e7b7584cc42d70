"""What all card providers' movements are to the comparison, whoever has told of them."""

from collections.abc import Iterable

from ledger.services import About
from reconciliation.models import Movement
from reconciliation.services import Seen
from stripe_gateway.client import SeenMovement
from stripe_gateway.models import CardPayment
from stripe_gateway.selectors import payment_of_intent


def as_seen(page: Iterable[SeenMovement]) -> list[Seen]:
    """Return what a provider has told of as the comparison keeps it."""
    return [
        Seen(
            name=one.movement_id,
            kind=one.kind,
            currency=one.currency,
            amount_minor=one.amount_minor,
            fee_minor=one.fee_minor,
            source=one.source_id,
            payment=one.intent_id,
            moved_at=one.moved_at,
        )
        for one in page
    ]


def about_payment(movement: Movement) -> About | None:
    """Return whose payment a movement is about; None where it is about none that we know."""
    payment: CardPayment | None = payment_of_intent(movement.payment)
    if payment is None:
        return None
    return About(tenant_id=payment.tenant_id, order_id=payment.order_id, payment_id=payment.pk)
