"""A friend hands over to a pro: what they found, what the customer says to it, and what the order costs then (R10)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from kernel.money import Split
from orders.errors import IllegalOrderMove
from orders.extras import refuse_open_extra
from orders.models import Escalation, EscalationPhoto, Order
from orders.moves import locked_order, move_order, split_columns, touch_order
from orders.permits import may_arrange
from orders.states import AppointmentState, Attention, EscalationState, OrderState, Side

MOST_PHOTOS = 5


@transaction.atomic
def propose_pro(
    *,
    order_uuid: UUID,
    friend_id: UUID,
    diagnosis: str,
    photos: Sequence[bytes],
    prospect: Split,
    now: datetime,
) -> Escalation:
    """Record what the friend found and ask the customer for the new price. Photos are JPEGs without metadata.

    ``prospect`` is how the new price will be split.

    Raises IllegalOrderMove before the customer was contacted, after the end, or where it was asked before, and
    ExtraIsOpen while the customer is asked about extra work.
    """
    order = locked_order(order_uuid)
    if Escalation.objects.filter(order=order).exists():
        raise IllegalOrderMove
    refuse_open_extra(order)
    move_order(
        order,
        OrderState.ESCALATED,
        "escalated",
        side=Side.FRIEND,
        who=order.friend_name,
        now=now,
        attention=Attention.NONE,
    )
    escalation = Escalation.objects.create(
        order=order,
        friend_id=friend_id,
        diagnosis=diagnosis,
        price_before_minor=order.price_minor,
        price_after_minor=prospect.price_minor,
        diagnosis_minor=prospect.diagnosis_minor,
        created_at=now,
    )
    for number, content in enumerate(photos[:MOST_PHOTOS], start=1):
        photo = EscalationPhoto(escalation=escalation)
        photo.image.save(f"{order.uuid}-{number}.jpg", ContentFile(content))
    return escalation


def proposed_split(order: Order, escalation: Escalation, *, commission_bp: int) -> Split:
    """Return how the price that the customer was asked for is split, by the commission of pros."""
    return Split(
        currency=order.currency,
        price_minor=escalation.price_after_minor,
        commission_bp=commission_bp,
        vat_bp=order.vat_bp,
        diagnosis_minor=escalation.diagnosis_minor,
    )


@transaction.atomic
def approve_pro(
    *, order_uuid: UUID, job_id: UUID, split: Split, commission_version: UUID | None, now: datetime
) -> Order:
    """Let the order go on with a pro's job for the new price: nobody has it, no date is agreed.

    Raises IllegalOrderMove unless the customer is being asked.
    """
    order = locked_order(order_uuid)
    _answer(order, EscalationState.APPROVED, now)
    _drop_dates(order, [AppointmentState.PROPOSED, AppointmentState.AGREED])
    move_order(
        order,
        OrderState.SEARCHING,
        "pro_approved",
        side=Side.CUSTOMER,
        who=order.name,
        now=now,
        job_id=job_id,
        friend_id=None,
        friend_name="",
        friend_phone="",
        accepted_at=None,
        contact_due_at=None,
        contacted_at=None,
        commission_version=commission_version,
        **split_columns(split, covered_minor=order.covered_minor),
    )
    return order


@transaction.atomic
def decline_pro(*, order_uuid: UUID, side: str, payment_method: str, now: datetime) -> Order:
    """End the order with the diagnosis as the work: the customer pays what the friend gets for it, and no more.

    ``side`` is the customer, or the system where they have not answered; then it is on the manager's desk. Raises
    IllegalOrderMove unless the customer is being asked.
    """
    order = locked_order(order_uuid)
    escalation = _answer(order, EscalationState.DECLINED, now)
    _drop_dates(order, [AppointmentState.PROPOSED])
    is_silent = side == Side.SYSTEM
    move_order(
        order,
        OrderState.DONE,
        "pro_lapsed" if is_silent else "pro_declined",
        side=side,
        who="" if is_silent else order.name,
        now=now,
        done_at=now,
        attention=Attention.ESCALATION_LAPSED if is_silent else Attention.NONE,
        payment_method=payment_method,
        **split_columns(
            proposed_split(order, escalation, commission_bp=0).diagnosis_alone(), covered_minor=order.covered_minor
        ),
    )
    return order


@transaction.atomic
def want_pro(*, order_uuid: UUID, words: str, now: datetime) -> Order:
    """Put an order on the manager's desk whose friend needs a pro where none can be asked.

    Raises IllegalOrderMove unless the friend has it.
    """
    order = locked_order(order_uuid)
    if not may_arrange(order.state):
        raise IllegalOrderMove
    Order.objects.filter(pk=order.pk).update(attention=Attention.PRO_WANTED)
    touch_order(order, "pro_wanted", side=Side.FRIEND, who=order.friend_name, now=now, words=words)
    return order


def _answer(order: Order, state: str, now: datetime) -> Escalation:
    """Record the one answer to the escalation; the order's row is locked."""
    escalation = Escalation.objects.filter(order=order, state=EscalationState.PROPOSED).first()
    if escalation is None:
        raise IllegalOrderMove
    escalation.state, escalation.answered_at = state, now
    escalation.save(update_fields=["state", "answered_at"])
    return escalation


def _drop_dates(order: Order, states: Sequence[str]) -> None:
    order.appointments.filter(state__in=states).update(state=AppointmentState.REPLACED)
