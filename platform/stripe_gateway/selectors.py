"""Reads of payments by card. Run on the platform."""

from uuid import UUID

from django.conf import settings
from django.db.models import F

from stripe_gateway.models import CardPayment, CardRefund
from stripe_gateway.states import LIVE, CardState, RefundState


def takes_cards() -> bool:
    """Say whether this installation has a key to work with; no query."""
    return bool(settings.STRIPE_KEY)


def payment_by_id(payment_id: UUID) -> CardPayment:
    """Return a payment.

    Raises ``CardPayment.DoesNotExist``.
    """
    return CardPayment.objects.get(pk=payment_id)


def live_payment(*, tenant_id: int, order_id: UUID) -> CardPayment | None:
    """Return the attempt that an order waits for."""
    return CardPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, state__in=LIVE).first()


def unreturned_payments(*, tenant_id: int, order_id: UUID) -> list[CardPayment]:
    """Return the payments of an order of which something has not gone back, newest first."""
    paid = CardPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, state=CardState.PAID)
    return list(paid.filter(refunded_minor__lt=F("amount_minor")).order_by("-paid_at", "-created_at", "-id"))


def refunds_made(payment_id: UUID) -> list[CardRefund]:
    """Return what of a payment has gone back, oldest first."""
    made = CardRefund.objects.filter(payment=payment_id, state=RefundState.MADE)
    return list(made.order_by("created_at", "id"))
