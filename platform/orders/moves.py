"""The steps that all writes of orders are made of. Callers hold the transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from orders.errors import IllegalOrderMove
from orders.models import Objection, Order, OrderEvent
from orders.states import ORDER_MOVES, Attention, Side


def locked_order(order_uuid: UUID) -> Order:
    """Return the order, locked until the transaction ends."""
    return Order.objects.select_for_update().get(uuid=order_uuid)


def move_order(
    order: Order,
    state: str,
    kind: str,
    *,
    side: str,
    now: datetime,
    who: str = "",
    detail: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Move the order along its state machine, with other columns, and log it.

    Raises IllegalOrderMove where the table of moves does not allow it or somebody else has just moved it.
    """
    if state not in ORDER_MOVES[order.state]:
        raise IllegalOrderMove
    before = order.state
    changes |= {"state": state, "changed_at": now}
    if not Order.objects.filter(pk=order.pk, state=before).update(**changes):
        raise IllegalOrderMove
    for name, value in changes.items():
        setattr(order, name, value)
    OrderEvent.objects.create(
        order=order, at=now, kind=kind, side=side, who=who, from_state=before, to_state=state, detail=dict(detail or {})
    )


def touch_order(order: Order, kind: str, *, side: str, who: str, now: datetime, **detail: Any) -> None:
    """Log something that does not change the state."""
    Order.objects.filter(pk=order.pk).update(changed_at=now)
    OrderEvent.objects.create(order=order, at=now, kind=kind, side=side, who=who, detail=detail)


def close_objection(
    order: Order, objection: Objection, *, outcome: str, answer: str, side: str, who: str, now: datetime
) -> None:
    """Close what the customer has said against the work of a locked order, and take it off the desk."""
    objection.outcome, objection.answer, objection.closed_at, objection.closed_by = outcome, answer, now, who
    objection.save(update_fields=["outcome", "answer", "closed_at", "closed_by"])
    Order.objects.filter(pk=order.pk, attention=Attention.NOT_DONE).update(attention=Attention.NONE)
    touch_order(order, "objection_closed", side=side, who=who, now=now, outcome=outcome, words=answer)


def name_of(order: Order, side: str) -> str:
    """Return the name of who acts on a side, for the log."""
    return {str(Side.CUSTOMER): order.name, str(Side.FRIEND): order.friend_name}.get(side, "")
