"""An order's way as one sentence and a line of stations, in the customer's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order
from orders.selectors import agreed_appointment
from orders.states import OrderState


@dataclass(frozen=True)
class Station:
    """One station: ``stage`` is ``done``, ``now`` or ``todo``; ``at`` is when it happened or will."""

    title: str
    stage: str
    at: datetime | None = None


# How far each state has come on the line of stations.
_REACHED = {
    OrderState.SEARCHING: 1,
    OrderState.UNFILLED: 1,
    OrderState.ACCEPTED: 2,
    OrderState.CONTACTED: 3,
    OrderState.SCHEDULED: 4,
    OrderState.ESCALATED: 4,
    OrderState.DONE: 5,
    OrderState.CONFIRMED: 6,
}


def timeline_of(order: Order) -> list[Station]:
    """Return the stations from the booking to the rating; a cancelled order has two."""
    if order.state == OrderState.CANCELLED:
        return [
            Station(_("Order placed"), "done", order.created_at),
            Station(_("Cancelled"), "done", order.changed_at),
        ]
    agreed = agreed_appointment(order)
    stations = (
        (_("Order placed"), order.created_at),
        (_("Friend found"), order.accepted_at),
        (_("First contact"), order.contacted_at),
        (_("Appointment confirmed"), agreed.starts_at if agreed else None),
        (_("Work done"), order.done_at),
        (_("Confirmed and rated"), order.confirmed_at),
    )
    reached = _REACHED[OrderState(order.state)]
    return [Station(title, _stage(place, reached), at) for place, (title, at) in enumerate(stations)]


def _stage(place: int, reached: int) -> str:
    if place < reached:
        return "done"
    return "now" if place == reached else "todo"
