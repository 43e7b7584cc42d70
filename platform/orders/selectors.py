"""Reads of orders."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from kernel.slots import Part
from orders.intake import BOOKABLE_DAYS, Window, is_ahead
from orders.models import Answer, Appointment, BookingDraft, EscalationPhoto, Order, OrderEvent, TimeWindow
from orders.states import AppointmentState, OrderState


def draft_by_id(draft_id: UUID) -> BookingDraft:
    """Return a draft with its package and photos.

    Raises ``BookingDraft.DoesNotExist``.
    """
    return BookingDraft.objects.select_related("package", "order").prefetch_related("photos").get(pk=draft_id)


def order_by_uuid(order_uuid: UUID | str) -> Order:
    """Return an order with answers, windows, appointments, events, report, review and hand-over (6 or 7 queries).

    Raises ``Order.DoesNotExist``.
    """
    return _whole_orders().get(uuid=order_uuid)


def _whole_orders() -> QuerySet[Order]:
    return (
        Order.objects.exclude(state=OrderState.DRAFT)
        .select_related("package", "report", "review", "escalation")
        .prefetch_related(
            Prefetch("answers", Answer.objects.order_by("sort_order", "id")),
            Prefetch("windows", TimeWindow.objects.order_by("day", "part")),
            Prefetch("appointments", Appointment.objects.order_by("created_at", "id")),
            Prefetch("escalation__photos", EscalationPhoto.objects.order_by("id")),
            Prefetch("events", OrderEvent.objects.order_by("at", "id")),
        )
    )


def orders_for_desk(*, query: str = "", state: str = "", needs_attention: bool = False) -> QuerySet[Order]:
    """Return the partner's orders, newest first, found by number, name, mail or town (1 query)."""
    found = Order.objects.exclude(state=OrderState.DRAFT).select_related("package")
    if query:
        found = found.filter(
            Q(number__icontains=query) | Q(name__icontains=query) | Q(email__icontains=query) | Q(town__icontains=query)
        )
    if state:
        found = found.filter(state=state)
    if needs_attention:
        found = found.exclude(attention="")
    return found.order_by("-created_at", "-id")


def open_proposal(order: Order) -> Appointment | None:
    """Return the date that waits for an answer."""
    return next((one for one in order.appointments.all() if one.state == AppointmentState.PROPOSED), None)


def agreed_appointment(order: Order) -> Appointment | None:
    """Return the agreed date."""
    return next((one for one in order.appointments.all() if one.state == AppointmentState.AGREED), None)


def bookable_windows(*, time_zone: str, now: datetime) -> dict[date, list[Window]]:
    """Return the parts of the next three weeks that have not begun, by day in the partner's time zone."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(BOOKABLE_DAYS))
    found = {
        day: [(day, part) for part in Part.values if is_ahead(day, part, time_zone=time_zone, now=now)] for day in days
    }
    return {day: windows for day, windows in found.items() if windows}
