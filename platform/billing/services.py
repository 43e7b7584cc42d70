"""Writes of payments."""

from datetime import datetime

from billing.methods import PaymentMethod, PaymentState, method_by_code
from billing.models import Payment
from orders.models import Order


def secure_payment(*, order: Order, now: datetime) -> Payment:
    """Record how the order will be paid; a way that needs the customer's bank asks it here.

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


def reprice_payment(*, order: Order, method: PaymentMethod | None = None) -> None:
    """Bring what the customer owes up to the order's price, and on another way to pay; what is paid stays."""
    changes: dict[str, object] = {"amount_minor": order.price_minor}
    if method is not None:
        changes |= {"method": method.code, "state": method.state_at_booking}
    Payment.objects.filter(order=order).exclude(state=PaymentState.PAID).update(**changes)
