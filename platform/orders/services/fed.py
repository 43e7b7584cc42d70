"""What is kept of orders that come from a partner's own system."""

from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.database.constraints import constraint_of
from orders.errors import ReferenceTaken
from orders.models import FedOrder, Order
from orders.selectors import order_of_reference


def refuse_taken_reference(reference: str) -> None:
    """Refuse a reference under which the partner's system has placed an order before.

    Raises ReferenceTaken with the order.
    """
    placed = order_of_reference(reference) if reference else None
    if placed is not None:
        raise ReferenceTaken(placed.uuid)


def note_fed(*, order: Order, key_uuid: UUID | None, reference: str) -> FedOrder:
    """Note with which key an order was placed, if with one, and what it is called in the partner's system.

    Raises ReferenceTaken where another one has just been placed under that reference.
    """
    try:
        with transaction.atomic():
            return FedOrder.objects.create(order=order, key_uuid=key_uuid, reference=reference)
    except IntegrityError as error:
        if constraint_of(error) == "fed_order_once_a_reference":
            refuse_taken_reference(reference)
        raise
