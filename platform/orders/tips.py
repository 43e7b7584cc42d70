"""Tips: written down before anybody pays, given once (R12)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.money import to_step
from orders.errors import IllegalOrderMove, TipGiven, TipOutOfRange
from orders.models import Order, Tip
from orders.moves import locked_order, touch_order
from orders.permits import may_tip
from orders.states import Side

# Minor units, in whichever currency.
LEAST, MOST = 100, 20_000


@transaction.atomic
def promise_tip(*, order_uuid: UUID, amount_minor: int, now: datetime) -> Tip:
    """Write down the tip that is to be paid by card, in place of one that was not paid.

    Raises IllegalOrderMove before the work is done, TipGiven, TipOutOfRange.
    """
    return _write(locked_order(order_uuid), amount_minor, is_cash=False, now=now)


@transaction.atomic
def note_cash_tip(*, order_uuid: UUID, amount_minor: int, now: datetime) -> Tip:
    """Note what the customer has given on site, in place of one that was not paid by card.

    Raises IllegalOrderMove before the work is done, TipGiven, TipOutOfRange.
    """
    order = locked_order(order_uuid)
    tip = _write(order, amount_minor, is_cash=True, now=now)
    _log(order, tip, now)
    return tip


def take_tip(*, order: Order, amount_minor: int, now: datetime) -> Tip | None:
    """Record that the promised tip is paid, and return it; None where none of that amount waits. Under the lock."""
    waiting = Tip.objects.filter(order=order, is_cash=False, paid_at=None, amount_minor=amount_minor)
    if not waiting.update(paid_at=now):
        return None
    tip = Tip.objects.get(order=order)
    _log(order, tip, now)
    return tip


def _write(order: Order, amount_minor: int, *, is_cash: bool, now: datetime) -> Tip:
    if not may_tip(order.state) or order.friend_id is None:
        raise IllegalOrderMove
    if not LEAST <= amount_minor <= MOST or amount_minor != to_step(amount_minor, order.currency):
        raise TipOutOfRange
    if Tip.objects.filter(order=order, paid_at__isnull=False).exists():
        raise TipGiven
    tip, _created = Tip.objects.update_or_create(
        order=order,
        defaults={
            "friend_id": order.friend_id,
            "amount_minor": amount_minor,
            "is_cash": is_cash,
            "created_at": now,
            "paid_at": now if is_cash else None,
        },
    )
    return tip


def _log(order: Order, tip: Tip, now: datetime) -> None:
    touch_order(
        order,
        "tip_given",
        side=Side.CUSTOMER,
        who=order.name,
        now=now,
        amount_minor=tip.amount_minor,
        currency=order.currency,
        is_cash=tip.is_cash,
    )
