"""What somebody has reported of an order's texts."""

from dataclasses import dataclass
from datetime import datetime

from journeys.order.talking.hide_text import OrderText, texts_of_order
from orders.models import Order, OrderEvent


@dataclass(frozen=True)
class ReportedTexts:
    """The reports about an order, oldest first, and the texts that can be meant."""

    reports: list[OrderEvent]
    texts: list[OrderText]


def reported_texts_of(order: Order, *, now: datetime) -> ReportedTexts | None:
    """Return what was reported; None where nobody has reported anything. Run inside the tenant."""
    reports = [event for event in order.events.all() if event.kind == "text_reported"]
    return ReportedTexts(reports, texts_of_order(order, now=now)) if reports else None
