"""A consumer withdraws where work had begun: what they owe is proposed, and a manager decides (R7)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from orders.cancelling import Fee, agreed_split, fee_if_cancelled, was_friend_absent
from orders.errors import CaseIsClosed, OwedOutOfRange
from orders.models import Order, Withdrawal
from orders.moves import close_objection, locked_order, move_order, touch_order
from orders.selectors import agreed_appointment
from orders.states import Attention, ObjectionOutcome, OrderState, Side
from orders.vouchers import give_voucher_back
from places.countries import country_by_code

DONE = (OrderState.DONE, OrderState.CONFIRMED)


def has_begun(order: Order, *, now: datetime) -> bool:
    """Say whether the work has begun: it is done, or the agreed time has come and nobody misses the friend."""
    if order.state in {*DONE, OrderState.ESCALATED}:
        return True
    agreed = agreed_appointment(order)
    return agreed is not None and agreed.starts_at <= now and not was_friend_absent(order)


def must_withdraw(order: Order, *, now: datetime) -> bool:
    """Say whether ending the order is a withdrawal after the work has begun, about which a manager decides."""
    ends = country_by_code(order.country).withdrawal_ends(order.created_at)
    return order.state in {OrderState.CONTACTED, OrderState.SCHEDULED} and now < ends and has_begun(order, now=now)


def proposed_owed(order: Order, *, now: datetime) -> int:
    """Return what a customer who withdraws now owes of a whole order, in minor units, by the law and what is known.

    Without their consent to an early start nothing for work within the days of withdrawal. With it all of what was done
    in full, and of work that was broken off the share of its minutes that are over. Where the days of withdrawal are
    over and nothing has begun, the fee for cancelling.
    """
    if order.state in DONE:
        return order.due_minor if _is_owed(order, now=now) else 0
    return _fee_if_withdrawn(order, now=now).due_minor


def _is_owed(order: Order, *, now: datetime) -> bool:
    """Say whether work that has begun is owed: the days of withdrawal are over, or the customer wanted it before."""
    could_withdraw = now < country_by_code(order.country).withdrawal_ends(order.created_at)
    return not could_withdraw or getattr(order, "early_start", None) is not None


def _fee_if_withdrawn(order: Order, *, now: datetime) -> Fee:
    """Return what is owed of work that is not done, by the customer and by the partner."""
    if not has_begun(order, now=now):
        return fee_if_cancelled(order, now=now)
    if not _is_owed(order, now=now):
        return Fee.none(order)
    agreed = agreed_appointment(order)
    over = (now - agreed.starts_at) // timedelta(minutes=1) if agreed else 0
    return Fee.of(order, agreed_split(order).share_of_minutes(over, of=order.minutes))


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
    # What the partner bears is owed by the rule as it was when the customer withdrew, whatever the customer is spared.
    borne = _fee_if_withdrawn(order, now=case.opened_at).partner_minor
    move_order(
        order,
        OrderState.CANCELLED,
        "withdrawal_decided",
        side=Side.MANAGER,
        who=who,
        now=now,
        detail=detail,
        attention=Attention.NONE,
        cancellation_fee_minor=owed_minor + borne,
        partner_pays_minor=borne,
    )
    give_voucher_back(order=order, now=now)
    return order
