"""A manager has looked after an order; it leaves the desk. Run inside the tenant."""

from datetime import datetime
from uuid import UUID

from orders.disruptions import take_off_desk as take_order_off_desk
from orders.models import Order


def take_off_desk(*, order_uuid: UUID, who: str, now: datetime) -> Order:
    """Take an order off the desk; twice changes nothing."""
    return take_order_off_desk(order_uuid=order_uuid, who=who, now=now)
