"""A consumer withdraws where work had begun: what they owe is proposed, and a manager decides (R7)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from orders.cancelling import agreed_split, fee_if_cancelled, was_friend_absent, withdrawal_ends
from orders.errors import CaseIsClosed, OwedOutOfRange
from orders.models import Order, Withdrawal
from orders.moves import close_objection, locked_order, move_order, touch_order
from orders.selectors import agreed_appointment
from orders.states import Attention, ObjectionOutcome, OrderState, Side

DONE = (OrderState.DONE, OrderState.CONFIRMED)


def has_begun(order: Order, *, now: datetime) -> bool:
    """Say whether the work has begun: it is done, or the agreed time has come and nobody misses the friend."""
    if order.state in {*DONE, OrderState.ESCALATED}:
        return True
    agreed = agreed_appointment(order)
    return agreed is not None and agreed.starts_at <= now and not was_friend_absent(order)


def must_withdraw(order: Order, *, now: datetime) -> bool:
    """Say whether ending the order is a withdrawal after the work has begun, about which a manager decides."""
    is_under_way = order.state in {OrderState.CONTACTED, OrderState.SCHEDULED}
    return is_under_way and now < withdrawal_ends(order) and has_begun(order, now=now)


def proposed_owed(order: Order, *, now: datetime) -> int:
    """Return what a customer who withdraws now owes of a whole order, in minor units, by the law and what is known.

    Without their consent to an early start nothing for work within the days of withdrawal. With it all of what was done
    in full, and of work that was broken off the share of its minutes that are over. Where the days of withdrawal are
    over and nothing has begun, the fee for cancelling.
    """
    if not has_begun(order, now=now):
        return fee_if_cancelled(order, now=now).price_minor
    if now < withdrawal_ends(order) and getattr(order, "early_start", None) is None:
        return 0
    if order.state in DONE:
        return order.due_minor
    agreed = agreed_appointment(order)
    over = (now - agreed.starts_at) // timedelta(minutes=1) if agreed else 0
    return agreed_split(order).for_minutes(over, of=order.minutes).price_minor


@transaction.atomic
def open_withdrawal(*, order_uuid: UUID, proposed_minor: int, now: datetime) -> bool:
    """Put a withdrawal on the desk that does not end its order by itself; say whether that was new."""
    order = locked_order(order_uuid)
    _opened, is_new = Withdrawal.objects.get_or_create(
        order=order, defaults={"opened_at": now, "proposed_minor": proposed_minor}
    )
    if is_new:
        Order.objects.filter(pk=order.pk).update(attention=Attention.WITHDRAWN)
        touch_order(order, "withdrawal_waits", side=Side.SYSTEM, who="", now=now)
    return is_new


def waits_for_decision(order_uuid: UUID) -> bool:
    """Lock the order and say whether a manager has yet to decide about a withdrawal. Callers hold the transaction."""
    return Withdrawal.objects.filter(order=locked_order(order_uuid), decided_at=None).exists()


@transaction.atomic
def decide_withdrawal(*, order_uuid: UUID, owed_minor: int, answer: str, who: str, now: datetime) -> Order:
    """Decide what the customer owes, which ends the order where the work is not done.

    Work that is done keeps its price; what the customer need not pay of it the partner does. An objection is closed by
    it. Raises CaseIsClosed without an open case, OwedOutOfRange above what the customer would have paid.
    """
    order = locked_order(order_uuid)
    case = Withdrawal.objects.filter(order=order, decided_at=None).first()
    if case is None:
        raise CaseIsClosed
    if not 0 <= owed_minor <= order.due_minor:
        raise OwedOutOfRange
    case.owed_minor, case.answer, case.decided_at, case.decided_by = owed_minor, answer, now, who
    case.save(update_fields=["owed_minor", "answer", "decided_at", "decided_by"])
    detail = {"owed_minor": owed_minor, "currency": order.currency, "words": answer}
    if order.state in DONE:
        objection = order.objections.filter(closed_at=None).first()
        if objection is not None:
            close_objection(order, objection, outcome=ObjectionOutcome.STANDS, answer=answer, side=Side.MANAGER,
                            who=who, now=now)  # fmt: skip
        order.partner_pays_minor += order.due_minor - owed_minor
        order.attention = Attention.NONE
        order.save(update_fields=["partner_pays_minor", "attention"])
        touch_order(order, "withdrawal_decided", side=Side.MANAGER, who=who, now=now, **detail)
        return order
    move_order(
        order,
        OrderState.CANCELLED,
        "withdrawal_decided",
        side=Side.MANAGER,
        who=who,
        now=now,
        detail=detail,
        attention=Attention.NONE,
        cancellation_fee_minor=owed_minor,
    )
    return order
