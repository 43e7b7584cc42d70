"""Extra work and changes of the price: proposed by the friend, in force with the customer's yes (R12)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.money import Split, to_step
from orders.errors import ExtraAnswered, ExtraIsOpen, IllegalOrderMove, PriceOutOfRange
from orders.models import Extra, Order
from orders.moves import locked_order, split_columns, touch_order
from orders.permits import may_propose_extra
from orders.states import ExtraState, Side

# Beyond that somebody has mistyped, or it is another order.
MOST_TIMES = 3


@transaction.atomic
def propose_extra(
    *,
    order_uuid: UUID,
    friend_id: UUID,
    words: str,
    package_name: Mapping[str, str],
    minutes: int,
    change_minor: int,
    now: datetime,
) -> Extra:
    """Ask the customer about extra work or another price; nothing changes before they say yes.

    Raises IllegalOrderMove before the customer was contacted and after the work is done, ExtraIsOpen while another
    proposal waits, PriceOutOfRange.
    """
    order = locked_order(order_uuid)
    if not may_propose_extra(order.state) or order.friend_id != friend_id:
        raise IllegalOrderMove
    refuse_open_extra(order)
    after = order.price_minor + change_minor
    is_coin = change_minor == to_step(change_minor, order.currency)
    if not change_minor or not is_coin or not 0 < after <= order.price_minor * MOST_TIMES:
        raise PriceOutOfRange
    extra = Extra.objects.create(
        order=order,
        friend_id=friend_id,
        words=words,
        package_name=dict(package_name),
        minutes=minutes,
        change_minor=change_minor,
        price_before_minor=order.price_minor,
        price_after_minor=after,
        created_at=now,
    )
    _log(order, "extra_proposed", extra, side=Side.FRIEND, who=order.friend_name, now=now)
    return extra


@transaction.atomic
def accept_extra(*, order_uuid: UUID, extra_id: UUID, split: Split, now: datetime) -> Order:
    """Let the order cost what the customer has agreed to, split as ``split`` says.

    Raises ExtraAnswered unless it waits for an answer.
    """
    order = locked_order(order_uuid)
    extra = _close(order, extra_id, ExtraState.ACCEPTED, now)
    columns = split_columns(split, covered_minor=order.covered_minor)
    for name, value in columns.items():
        setattr(order, name, value)
    order.save(update_fields=[*columns])
    _log(order, "extra_accepted", extra, side=Side.CUSTOMER, who=order.name, now=now)
    return order


@transaction.atomic
def decline_extra(*, order_uuid: UUID, extra_id: UUID, now: datetime) -> Order:
    """Note that the customer does not want it; the order goes on as it was.

    Raises ExtraAnswered unless it waits for an answer.
    """
    order = locked_order(order_uuid)
    extra = _close(order, extra_id, ExtraState.DECLINED, now)
    _log(order, "extra_declined", extra, side=Side.CUSTOMER, who=order.name, now=now)
    return order


@transaction.atomic
def take_extra_back(*, order_uuid: UUID, friend_id: UUID, now: datetime) -> Order:
    """Let the friend take back what they have proposed.

    Raises ExtraAnswered where nothing of theirs waits for an answer.
    """
    order = locked_order(order_uuid)
    extra = Extra.objects.filter(order=order, friend_id=friend_id, state=ExtraState.PROPOSED).first()
    if extra is None:
        raise ExtraAnswered
    extra = _close(order, extra.pk, ExtraState.TAKEN_BACK, now)
    _log(order, "extra_taken_back", extra, side=Side.FRIEND, who=order.friend_name, now=now)
    return order


def refuse_open_extra(order: Order) -> None:
    """Refuse to go on while the customer is asked about extra work; the order's row is locked.

    Raises ExtraIsOpen.
    """
    if Extra.objects.filter(order=order, state=ExtraState.PROPOSED).exists():
        raise ExtraIsOpen


def _close(order: Order, extra_id: UUID, state: str, now: datetime) -> Extra:
    """Record the one answer; the order's row is locked."""
    extra = Extra.objects.filter(order=order, pk=extra_id, state=ExtraState.PROPOSED).first()
    if extra is None:
        raise ExtraAnswered
    extra.state, extra.answered_at = state, now
    extra.save(update_fields=["state", "answered_at"])
    return extra


def _log(order: Order, kind: str, extra: Extra, *, side: str, who: str, now: datetime) -> None:
    touch_order(
        order,
        kind,
        side=side,
        who=who,
        now=now,
        words=extra.words,
        before_minor=extra.price_before_minor,
        after_minor=extra.price_after_minor,
        currency=order.currency,
    )
