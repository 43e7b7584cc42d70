"""The steps that all writes of orders are made of. Callers hold the transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from kernel.database.logged import update_and_log
from kernel.money import Split
from orders.errors import IllegalOrderMove, WithdrawalIsOpen
from orders.models import Objection, Order, OrderEvent, Withdrawal
from orders.states import ORDER_MOVES, Attention, Side


def locked_order(order_uuid: UUID) -> Order:
    """Return the order, locked until the transaction ends."""
    return Order.objects.select_for_update().get(uuid=order_uuid)


def split_columns(split: Split, *, covered_minor: int) -> dict[str, Any]:
    """Return the columns of an order that say what it costs and who gets it; ``friend_minor`` is of all on site.

    The partner pays what it has said at booking that it bears (``covered_minor``), and never more than the price.
    """
    return {
        "partner_pays_minor": min(covered_minor, split.price_minor),
        "price_minor": split.price_minor,
        "vat_minor": split.vat_minor,
        "commission_bp": split.commission_bp,
        "commission_minor": split.commission_minor,
        "friend_minor": split.friends_minor,
    }


def move_order(
    order: Order,
    state: str,
    kind: str,
    *,
    side: str,
    now: datetime,
    who: str = "",
    detail: Mapping[str, Any] | None = None,
    along: Sequence[Model] = (),
    **changes: Any,
) -> None:
    """Move the order along its state machine, with other columns, and log it; ``along`` are further rows about it.

    One query. Raises IllegalOrderMove where the table of moves does not allow it or somebody else has just moved it.
    """
    found = Order.objects.filter(pk=order.pk)
    move_found(found, order.state, state, kind, side=side, now=now, who=who, detail=detail, along=along, **changes)
    for name, value in {**changes, "state": state, "changed_at": now}.items():
        setattr(order, name, value)


def move_found(
    found: QuerySet[Order],
    before: str,
    state: str,
    kind: str,
    *,
    side: str,
    now: datetime,
    who: str = "",
    detail: Mapping[str, Any] | None = None,
    along: Sequence[Model] = (),
    **changes: Any,
) -> Order:
    """Do what ``move_order`` does to the order that is found, if its state is the one before, and return it.

    Raises IllegalOrderMove.
    """
    if state not in ORDER_MOVES[before]:
        raise IllegalOrderMove
    line = OrderEvent(
        at=now, kind=kind, side=side, who=who, from_state=before, to_state=state, detail=dict(detail or {})
    )
    moved = update_and_log(
        found.filter(state=before), [line, *along], about="order", **changes, state=state, changed_at=now
    )
    if moved is None:
        raise IllegalOrderMove
    return moved


def touch_order(order: Order, kind: str, *, side: str, who: str, now: datetime, **detail: Any) -> None:
    """Log something that does not change the state."""
    log_order(order, OrderEvent(at=now, kind=kind, side=side, who=who, detail=detail))


def log_order(order: Order, line: OrderEvent) -> None:
    """Log a line that does not change the state (1 query)."""
    update_and_log(Order.objects.filter(pk=order.pk), [line], about="order", changed_at=line.at)


def refuse_open_withdrawal(order: Order) -> None:
    """Refuse to confirm or end a locked order while a manager has to decide about the customer's withdrawal.

    Raises WithdrawalIsOpen.
    """
    if Withdrawal.objects.filter(order=order, decided_at=None).exists():
        raise WithdrawalIsOpen


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
