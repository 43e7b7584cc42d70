"""Writes of payments."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from billing.methods import INVOICE, PaymentMethod, PaymentState, method_by_code
from billing.models import Payment
from orders.models import Order


def secure_payment(*, order: Order, now: datetime) -> Payment:
    """Record how the order will be paid.

    Raises UnknownPaymentMethod.
    """
    method = method_by_code(order.payment_method)
    return Payment.objects.create(
        order=order,
        method=method.code,
        state=method.state_at_booking,
        amount_minor=order.price_minor,
        currency=order.currency,
        created_at=now,
    )


def settle_on_site(*, order: Order, now: datetime) -> bool:
    """Record that the customer has paid the friend, and say so; other ways to pay are not touched."""
    due = Payment.objects.filter(order=order, state=PaymentState.DUE_ON_SITE)
    return bool(due.update(state=PaymentState.PAID, paid_at=now))


def note_card_paid(*, order: Order, now: datetime) -> None:
    """Record that the customer has paid by card, as Stripe says: now the database lets the order be released."""
    Payment.objects.filter(order=order, state=PaymentState.WAITING).update(state=PaymentState.PAID, paid_at=now)


def note_more_paid(*, order: Order, amount_minor: int, now: datetime) -> None:
    """Record that the customer has paid so much more by card, in minor units."""
    paid = Payment.objects.filter(order=order, state=PaymentState.PAID)
    paid.update(amount_minor=F("amount_minor") + amount_minor, paid_at=now)


def note_refund(*, order: Order, amount_minor: int) -> None:
    """Record that so much more, in minor units, goes back to the customer."""
    paid = Payment.objects.filter(order=order, state=PaymentState.PAID)
    paid.update(refund_minor=F("refund_minor") + amount_minor, refunded_at=None)


def bill_instead(*, order: Order) -> None:
    """Let an order be paid by invoice whose card payment has gone back."""
    Payment.objects.filter(order=order).update(
        method=INVOICE.code,
        state=INVOICE.state_at_booking,
        amount_minor=order.price_minor,
        paid_at=None,
        refund_minor=0,
        refunded_at=None,
    )


def note_refunded(*, order_uuid: UUID, now: datetime) -> None:
    """Record that all that goes back to the customer is on its way."""
    going = Payment.objects.filter(order__uuid=order_uuid, refund_minor__gt=0, refunded_at=None)
    going.update(refunded_at=now)


def reprice_payment(*, order: Order, method: PaymentMethod | None = None) -> None:
    """Bring what the customer owes up to the order's price, and on another way to pay; what is paid stays."""
    changes: dict[str, object] = {"amount_minor": order.price_minor}
    if method is not None:
        changes |= {"method": method.code, "state": method.state_at_booking}
    Payment.objects.filter(order=order).exclude(state=PaymentState.PAID).update(**changes)
