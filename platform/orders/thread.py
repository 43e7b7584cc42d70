"""What customer and friend write to each other from acceptance until seven days after completion (R15, R16).

Nothing is hidden in it: each has the other's name and number by then. Managers read it on the order. It belongs to one
friend; whoever has the order next, or had it before, sees nothing of it.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kernel.database.written_once import only_one, written_once
from orders.errors import NothingWritten, ThreadIsClosed
from orders.models import Order, ThreadMessage
from orders.moves import locked_order, name_of
from orders.selectors import whole_orders
from orders.states import ARRANGING, OrderState, Side

OPEN_AFTER_COMPLETION = timedelta(days=7)
_OPEN = {*ARRANGING, OrderState.ESCALATED, OrderState.DONE}
OTHER = {Side.CUSTOMER: Side.FRIEND, Side.FRIEND: Side.CUSTOMER}


def is_open(order: Order, *, now: datetime) -> bool:
    """Say whether the two may write."""
    if order.friend_id is None:
        return False
    ends_at = closes_at(order)
    return order.state in _OPEN or (ends_at is not None and now < ends_at)


def closes_at(order: Order) -> datetime | None:
    """Return when the two can no longer write; None before the work is confirmed."""
    if order.state != OrderState.CONFIRMED or order.confirmed_at is None:
        return None
    return order.confirmed_at + OPEN_AFTER_COMPLETION


def messages_of(order: Order) -> QuerySet[ThreadMessage]:
    """Return what the customer and the friend who has the order have written, oldest first (1 query)."""
    written = all_messages_of(order)
    return written.none() if order.friend_id is None else written.filter(friend_id=order.friend_id)


def all_messages_of(order: Order) -> QuerySet[ThreadMessage]:
    """Return what was written about an order, with whichever friend, oldest first (1 query)."""
    return ThreadMessage.objects.filter(order=order).order_by("written_at", "id")


def unread_by(order: Order, side: str) -> QuerySet[ThreadMessage]:
    """Return what a side has not seen yet, oldest first (1 query)."""
    return messages_of(order).filter(side=OTHER[Side(side)], read_at=None)


def order_with_unread(order_uuid: UUID, *, side: Side) -> tuple[Order, int]:
    """Return a whole order, and how many messages a side has not seen yet (as many queries as ``order_by_uuid``).

    Raises ``Order.DoesNotExist``.
    """
    order = only_one(_whole_order_with_unread(order_uuid, OTHER[side]), Order)
    return order, order.unread  # type: ignore[attr-defined]  # annotated


@written_once
def _whole_order_with_unread(order_uuid: UUID, written_by: Side) -> QuerySet[Order]:
    unread = ThreadMessage.objects.filter(
        order=OuterRef("pk"), friend_id=OuterRef("friend_id"), side=written_by, read_at=None
    )
    count = unread.order_by().values("order").annotate(count=Count("pk")).values("count")
    return whole_orders().annotate(unread=Coalesce(Subquery(count), 0)).filter(uuid=order_uuid)


@transaction.atomic
def write_message(*, order_uuid: UUID, side: str, words: str, photo: bytes, now: datetime) -> ThreadMessage:
    """Write to the other side; ``photo`` is a JPEG without metadata, or empty.

    Raises ThreadIsClosed, or NothingWritten without words and photo.
    """
    order = locked_order(order_uuid)
    friend_id = order.friend_id
    if friend_id is None or not is_open(order, now=now):
        raise ThreadIsClosed
    if not (words.strip() or photo):
        raise NothingWritten
    message = ThreadMessage(
        order=order,
        friend_id=friend_id,
        side=side,
        who=name_of(order, side),
        words=words.strip(),
        written_at=now,
    )
    if photo:
        message.photo.save(f"{uuid4()}.jpg", ContentFile(photo), save=False)
    message.save()
    # No line of the log: what is written stands on the page. But pages that are open see it.
    Order.objects.filter(pk=order.pk).update(changed_at=now)
    return message


def mark_read(order: Order, *, side: str, now: datetime) -> None:
    """Note that a side has seen what the other wrote."""
    unread_by(order, side).update(read_at=now)


def read_photo(messages: QuerySet[ThreadMessage], message_id: int) -> bytes:
    """Return the JPEG of one of the messages.

    Raises ``ThreadMessage.DoesNotExist`` where there is none.
    """
    with messages.exclude(photo="").get(pk=message_id).photo.open("rb") as opened:
        return bytes(opened.read())
