"""What is told to an order's log of what people write about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from orders.errors import ReasonMissing
from orders.models import Order
from orders.moves import locked_order, touch_order
from orders.states import Attention, Side


@transaction.atomic
def note_talk(*, order_uuid: UUID, kind: str, side: str, now: datetime, **detail: Any) -> None:
    """Tell the order's log that a friend without a name yet and the customer have asked, answered or proposed."""
    order = locked_order(order_uuid)
    touch_order(order, kind, side=side, who=order.name if side == Side.CUSTOMER else "", now=now, **detail)


@transaction.atomic
def report_text(*, order_uuid: UUID, side: str, words: str, now: datetime) -> None:
    """Put an order on the desk because a text about it holds contact data; what it is there for already stays.

    Raises ReasonMissing.
    """
    order = locked_order(order_uuid)
    if not words.strip():
        raise ReasonMissing
    Order.objects.filter(pk=order.pk, attention=Attention.NONE).update(attention=Attention.TEXT_REPORTED)
    who = order.name if side == Side.CUSTOMER else ""
    touch_order(order, "text_reported", side=side, who=who, now=now, words=words)
