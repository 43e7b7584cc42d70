"""Erasing orders whose time is over: with all that was written about them, and the files."""

from collections.abc import Iterable
from datetime import date

from django.core.files.storage import default_storage

from orders.models import Answer, BookingDraft, DraftPhoto, EscalationPhoto, Order, ThreadMessage
from orders.states import OrderState

ENDED = (OrderState.CONFIRMED, OrderState.CANCELLED, OrderState.UNFILLED)


def ended_orders(*, country: str, before: date) -> Iterable[Order]:
    """Return the orders of a country that have ended and that nothing has moved since a day, one after the other."""
    found = Order.objects.filter(state__in=ENDED, country=country, changed_at__date__lt=before)
    for order_id in list(found.order_by("changed_at", "pk").values_list("pk", flat=True)):
        yield Order.objects.get(pk=order_id)


def erase_order(order: Order) -> None:
    """Delete an order, its draft, and what customer and friend have written and photographed; its papers go before.

    The files go first: a row without its file is erased by the next try.
    """
    photos = (
        *Answer.objects.filter(order=order).exclude(photo="").values_list("photo", flat=True),
        *ThreadMessage.objects.filter(order=order).exclude(photo="").values_list("photo", flat=True),
        *EscalationPhoto.objects.filter(escalation__order=order).values_list("image", flat=True),
        *DraftPhoto.objects.filter(draft__order=order).values_list("image", flat=True),
    )
    for name in photos:
        default_storage.delete(name)
    draft_id = order.draft_id
    order.delete()
    BookingDraft.objects.filter(pk__in=[draft_id] if draft_id else []).delete()
