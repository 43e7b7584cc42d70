"""Writes about orders between acceptance and the work: back to the search, nobody there, ended by rule, back again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.wording.dates import Place, write_moment
from orders.cancelling import Fee
from orders.errors import (
    CaseIsClosed,
    CaseIsOpen,
    IllegalOrderMove,
    NoAgreedDate,
    ReasonMissing,
    TooEarlyForNoShow,
    TooLateToComeBack,
)
from orders.models import Order
from orders.moves import locked_order, move_order, name_of, refuse_open_withdrawal, touch_order
from orders.permits import may_arrange, may_report_absence
from orders.selectors import (
    PATIENCE,
    current_agreed,
    fee_is_disputed,
    has_reported_no_show,
    may_object_to_fee,
    unreachable_since,
)
from orders.states import FEE_OBJECTED, FEE_STANDS, FEE_WAIVED, AppointmentState, Attention, OrderState, Side

COME_BACK_WITHIN = timedelta(days=7)
_NOBODY: dict[str, Any] = {
    "friend_id": None,
    "friend_name": "",
    "friend_phone": "",
    "accepted_at": None,
    "contact_due_at": None,
    "contacted_at": None,
    "attention": Attention.NONE,
}


@transaction.atomic
def send_back_to_search(
    *, order_uuid: UUID, kind: str, side: str, who: str, why: str, words: str = "", now: datetime
) -> Order:
    """Let an order search again that a friend had; everything that the customer said stays.

    Friend, clocks and dates are forgotten; the log says who sent it back and why. Raises IllegalOrderMove unless a
    friend has it and the work is not done.
    """
    order = locked_order(order_uuid)
    if not may_arrange(order.state):
        raise IllegalOrderMove
    detail = {"why": why, "words": words, "friend": order.friend_name, "friend_id": str(order.friend_id)}
    move_order(order, OrderState.SEARCHING, kind, side=side, who=who, now=now, detail=detail, **_NOBODY)
    _forget_dates(order)
    return order


@transaction.atomic
def report_no_show(*, order_uuid: UUID, side: str, words: str, now: datetime) -> bool:
    """Put on the manager's desk that the other side was not there; say whether that was new.

    Raises NoAgreedDate, or TooEarlyForNoShow until 15 minutes after the agreed time.
    """
    order = locked_order(order_uuid)
    agreed = current_agreed(order)
    if not may_report_absence(order.state) or agreed is None:
        raise NoAgreedDate
    from_then = agreed.starts_at + PATIENCE
    if now < from_then:
        phrase = write_moment(from_then, place=Place.FROM)
        raise TooEarlyForNoShow(_("You can report this %(from_then)s.") % {"from_then": phrase})
    if has_reported_no_show(order, side=side, appointment_id=agreed.pk):
        return False
    Order.objects.filter(pk=order.pk).update(attention=Attention.NO_SHOW)
    touch_order(order, "no_show", side=side, who=name_of(order, side), now=now, words=words, appointment=agreed.pk)
    return True


@transaction.atomic
def clear_date(*, order_uuid: UUID, who: str, now: datetime) -> Order:
    """Let the same friend and the customer agree on a new date.

    Raises IllegalOrderMove unless a date is agreed.
    """
    order = locked_order(order_uuid)
    contacted_at = order.contacted_at or now
    move_order(
        order,
        OrderState.CONTACTED,
        "date_cleared",
        side=Side.MANAGER,
        who=who,
        now=now,
        contacted_at=contacted_at,
        attention=Attention.NONE,
    )
    _forget_dates(order)
    return order


@transaction.atomic
def end_by_rule(
    *, order_uuid: UUID, kind: str, side: str, who: str, owed_minor: int, fee: Fee | None = None, now: datetime
) -> Order:
    """End an order by the rule for absent (``no_show_ended``) or unreachable (``unreachable``) customers.

    ``owed_minor`` is what the friend gets, ``fee`` what the customer pays, and the partner what it bears of it.

    Raises IllegalOrderMove unless a friend has it and the work is not done, WithdrawalIsOpen.
    """
    order = locked_order(order_uuid)
    if not may_arrange(order.state):
        raise IllegalOrderMove
    refuse_open_withdrawal(order)
    fee = fee or Fee.none(order)
    detail = {"owed_minor": owed_minor, "friend": order.friend_name}
    move_order(
        order,
        OrderState.CANCELLED,
        kind,
        side=side,
        who=who,
        now=now,
        attention=Attention.NONE,
        detail=detail | ({"fee_minor": fee.due_minor, "currency": order.currency} if fee.due_minor else {}),
        **fee.columns,
    )
    return order


@transaction.atomic
def object_to_fee(*, order_uuid: UUID, words: str, now: datetime) -> None:
    """Put on the desk that the customer objects to the fee for not having been there; once.

    Raises IllegalOrderMove where there is none, or it was objected to before.
    """
    order = locked_order(order_uuid)
    if not may_object_to_fee(order):
        raise IllegalOrderMove
    Order.objects.filter(pk=order.pk).update(attention=Attention.NO_SHOW)
    touch_order(order, FEE_OBJECTED, side=Side.CUSTOMER, who=order.name, now=now, words=words)


@transaction.atomic
def settle_fee(*, order_uuid: UUID, is_waived: bool, words: str, who: str, now: datetime) -> Order:
    """Decide about the customer's objection to the fee; where it is waived, the partner pays it.

    Raises ReasonMissing without words, CaseIsClosed where nothing waits.
    """
    order = locked_order(order_uuid)
    if not words:
        raise ReasonMissing
    if not fee_is_disputed(order):
        raise CaseIsClosed
    order.attention = Attention.NONE
    if is_waived:
        order.partner_pays_minor = order.cancellation_fee_minor
    order.save(update_fields=["attention", "partner_pays_minor"])
    kind = FEE_WAIVED if is_waived else FEE_STANDS
    touch_order(order, kind, side=Side.MANAGER, who=who, now=now, words=words)
    return order


@transaction.atomic
def note_customer_is_back(*, order_uuid: UUID, now: datetime) -> bool:
    """Put an order that ended because its customer could not be reached on the desk; say whether that was new.

    Raises IllegalOrderMove where it did not end so, TooLateToComeBack after seven days.
    """
    order = locked_order(order_uuid)
    since = unreachable_since(order)
    if since is None:
        raise IllegalOrderMove
    if now > since + COME_BACK_WITHIN:
        raise TooLateToComeBack
    if order.attention == Attention.UNREACHABLE:
        return False
    Order.objects.filter(pk=order.pk).update(attention=Attention.UNREACHABLE)
    touch_order(order, "customer_is_back", side=Side.CUSTOMER, who=order.name, now=now)
    return True


@transaction.atomic
def reopen(*, order_uuid: UUID, job_id: UUID, who: str, now: datetime) -> Order:
    """Let an order search again, with another job, that ended because its customer could not be reached.

    Raises IllegalOrderMove where it did not end so.
    """
    order = locked_order(order_uuid)
    if unreachable_since(order) is None:
        raise IllegalOrderMove
    move_order(
        order,
        OrderState.SEARCHING,
        "reopened",
        side=Side.MANAGER,
        who=who,
        now=now,
        job_id=job_id,
        partner_pays_minor=order.borne_minor,
        **_NOBODY,
    )
    _forget_dates(order)
    return order


@transaction.atomic
def take_off_desk(*, order_uuid: UUID, who: str, now: datetime) -> Order:
    """Take an order off the desk about which nothing more is to be done; twice changes nothing.

    Raises CaseIsOpen for a low rating, work that is not done and a withdrawal, which leave the desk with their case.
    """
    order = locked_order(order_uuid)
    is_case = order.attention in {Attention.LOW_RATING, Attention.NOT_DONE, Attention.WITHDRAWN}
    if is_case or fee_is_disputed(order):
        raise CaseIsOpen
    if order.attention:
        Order.objects.filter(pk=order.pk).update(attention=Attention.NONE)
        touch_order(order, "off_desk", side=Side.MANAGER, who=who, now=now, attention=order.attention)
    return order


def _forget_dates(order: Order) -> None:
    open_dates = order.appointments.filter(state__in=[AppointmentState.PROPOSED, AppointmentState.AGREED])
    open_dates.update(state=AppointmentState.REPLACED)
