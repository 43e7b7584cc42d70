"""Contact between friend and customer, and the dates that they agree on (R15)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from orders.errors import DateInThePast, IllegalOrderMove, NoOpenProposal
from orders.models import Appointment, Order
from orders.moves import locked_order, move_order, name_of, touch_order
from orders.states import ARRANGING, AppointmentState, Attention, OrderState, Side


@transaction.atomic
def note_contact(*, order_uuid: UUID, now: datetime) -> Order:
    """Record that the friend has contacted the customer; a second time changes nothing.

    Raises IllegalOrderMove before a friend has accepted and after the end.
    """
    order = locked_order(order_uuid)
    if order.contacted_at is not None:
        return order
    if order.state == OrderState.ACCEPTED:
        move_order(
            order,
            OrderState.CONTACTED,
            "contacted",
            side=Side.FRIEND,
            who=order.friend_name,
            now=now,
            contacted_at=now,
            attention=Attention.NONE,
        )
        return order
    raise IllegalOrderMove


@transaction.atomic
def propose_appointment(
    *, order_uuid: UUID, side: str, starts_at: datetime, note: str = "", now: datetime
) -> Appointment:
    """Propose a date, or counter the one that is open.

    Raises DateInThePast, or IllegalOrderMove unless a friend has the job and it is not done.
    """
    order = locked_order(order_uuid)
    if order.state not in ARRANGING:
        raise IllegalOrderMove
    if starts_at <= now:
        raise DateInThePast
    order.appointments.filter(state=AppointmentState.PROPOSED).update(state=AppointmentState.REPLACED)
    appointment = Appointment.objects.create(
        order=order, starts_at=starts_at, proposed_by=side, note=note, created_at=now
    )
    touch_order(
        order, "appointment_proposed", side=side, who=name_of(order, side), now=now, starts_at=starts_at.isoformat()
    )
    return appointment


@transaction.atomic
def accept_appointment(*, order_uuid: UUID, appointment_id: int, side: str, now: datetime) -> Appointment:
    """Agree to the date that the other side proposed; an earlier agreed date is replaced.

    Raises NoOpenProposal where that date is no longer open or is the own one, DateInThePast where it has passed.
    """
    order = locked_order(order_uuid)
    appointment = order.appointments.filter(pk=appointment_id, state=AppointmentState.PROPOSED).first()
    if appointment is None or appointment.proposed_by == side or order.state not in ARRANGING:
        raise NoOpenProposal
    if appointment.starts_at <= now:
        raise DateInThePast
    order.appointments.filter(state=AppointmentState.AGREED).update(state=AppointmentState.REPLACED)
    appointment.state = AppointmentState.AGREED
    appointment.save(update_fields=["state"])
    if order.contacted_at is None:
        # Whoever agrees on a date has been in contact.
        order.contacted_at = now
        order.save(update_fields=["contacted_at"])
    detail = {"starts_at": appointment.starts_at.isoformat()}
    if order.state == OrderState.SCHEDULED:
        touch_order(order, "appointment_agreed", side=side, who=name_of(order, side), now=now, **detail)
    else:
        move_order(
            order,
            OrderState.SCHEDULED,
            "appointment_agreed",
            side=side,
            who=name_of(order, side),
            now=now,
            detail=detail,
        )
    return appointment


@transaction.atomic
def mark_overdue(*, order_uuid: UUID, now: datetime) -> Order | None:
    """Put an order whose friend has not made contact in time on the manager's desk; None where that is not so."""
    order = locked_order(order_uuid)
    if order.state != OrderState.ACCEPTED:
        return None
    Order.objects.filter(pk=order.pk).update(attention=Attention.CONTACT_OVERDUE)
    touch_order(order, "contact_overdue", side=Side.SYSTEM, who="", now=now)
    return order
