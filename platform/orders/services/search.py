"""What the search for a friend leaves on the order (R17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from orders.errors import IllegalOrderMove
from orders.models import Order, OrderEvent
from orders.moves import locked_order, log_order, move_order, touch_order
from orders.permits import may_search_again
from orders.states import GIVEN_UP, SEARCH_WAITS, WAVE_OPENED, Attention, OrderState, Side


@dataclass(frozen=True)
class Asked:
    """That a wave asks so many friends, of ``partner`` where it is another one's community."""

    wave: int
    offers: int
    in_shared_crowd: bool = False
    partner: str = ""

    def line(self, now: datetime) -> OrderEvent:
        """Return the line that tells it, of no order yet."""
        elsewhere = {"partner": self.partner} if self.partner else {}
        detail = {"wave": self.wave, "offers": self.offers, "crowd": self.in_shared_crowd, **elsewhere}
        return OrderEvent(at=now, kind=WAVE_OPENED, side=Side.SYSTEM, detail=detail)


@transaction.atomic
def mark_unfilled(*, order_uuid: UUID, why: str = "nobody_found", now: datetime) -> Order:
    """Record that nobody was found, or that nobody can be asked, and put the order on the manager's desk (R17).

    Raises IllegalOrderMove unless the order is searching.
    """
    order = locked_order(order_uuid)
    move_order(order, OrderState.UNFILLED, why, side=Side.SYSTEM, now=now, attention=Attention.NOBODY_FOUND)
    return order


@transaction.atomic
def resume_search(*, order_uuid: UUID, side: str = Side.MANAGER, who: str, now: datetime) -> Order:
    """Search once more for an order that found nobody.

    Raises IllegalOrderMove unless that is its state.
    """
    order = locked_order(order_uuid)
    if not may_search_again(order.state):
        raise IllegalOrderMove
    move_order(order, OrderState.SEARCHING, "search_again", side=side, who=who, now=now, attention=Attention.NONE)
    return order


def note_wave(*, order_uuid: UUID, asked: Asked, now: datetime) -> Order:
    """Tell the order's log that friends are being asked."""
    order = locked_order(order_uuid)
    log_order(order, asked.line(now))
    return order


@transaction.atomic
def note_waiting(*, order_uuid: UUID, until: datetime, now: datetime) -> None:
    """Tell the order's log that nobody is asked before a moment; telling it twice changes nothing."""
    order = locked_order(order_uuid)
    last = order.events.filter(kind__in=[SEARCH_WAITS, WAVE_OPENED]).order_by("-at", "-id").first()
    if last is None or last.kind != SEARCH_WAITS or last.detail["until"] != until.isoformat():
        touch_order(order, SEARCH_WAITS, side=Side.SYSTEM, who="", now=now, until=until.isoformat())


@transaction.atomic
def give_up(*, order_uuid: UUID, now: datetime) -> Order:
    """Cancel an order for which nobody was found, as the partner's last resort says (R17).

    Raises IllegalOrderMove unless the order is searching.
    """
    order = locked_order(order_uuid)
    if order.state != OrderState.SEARCHING:
        raise IllegalOrderMove
    move_order(order, OrderState.CANCELLED, GIVEN_UP, side=Side.SYSTEM, now=now, attention=Attention.NONE)
    return order


def note_crossing(*, order_uuid: UUID, partner: str, carried: Sequence[str], now: datetime) -> None:
    """Tell the order's log that its job has passed the gate, to ``partner`` or, where empty, the shared crowd."""
    order = locked_order(order_uuid)
    touch_order(order, "crossed", side=Side.SYSTEM, who="", now=now, partner=partner, carried=list(carried))
