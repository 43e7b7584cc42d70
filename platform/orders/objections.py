"""The customer says that the work is not done: a case on the desk, and no confirmation until it is settled (R16).

The friend may do the rest and say so, which begins the three days of confirmation anew; a manager may send the friend
back, or settle it; and the customer may take it back by confirming.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from orders.errors import CaseIsClosed, IllegalOrderMove, ReasonMissing
from orders.models import Objection, Order
from orders.moves import close_objection, locked_order, touch_order
from orders.services.work import confirm_work
from orders.states import Attention, ObjectionOutcome, OrderState, Side

SETTLED_BY_MANAGER = (ObjectionOutcome.STANDS, ObjectionOutcome.REFUND)


def has_open_objection(order_uuid: UUID) -> bool:
    """Lock the order and say whether its customer says that the work is not done. Callers hold the transaction."""
    return locked_order(order_uuid).objections.filter(closed_at=None).exists()


@transaction.atomic
def object_to_work(*, order_uuid: UUID, words: str, now: datetime) -> bool:
    """Open the case of an order whose work is not done; say whether that is new, or it was open already.

    Raises ReasonMissing without words, IllegalOrderMove unless the friend has closed the job and nobody has confirmed.
    """
    order = locked_order(order_uuid)
    if not words.strip():
        raise ReasonMissing
    if order.state != OrderState.DONE:
        raise IllegalOrderMove
    if order.objections.filter(closed_at=None).exists():
        return False
    Objection.objects.create(order=order, words=words.strip(), opened_at=now)
    Order.objects.filter(pk=order.pk).update(attention=Attention.NOT_DONE)
    touch_order(order, "not_done", side=Side.CUSTOMER, who=order.name, now=now, words=words.strip())
    return True


@transaction.atomic
def send_friend_back(*, order_uuid: UUID, words: str, who: str, now: datetime) -> Objection:
    """Ask the friend to come back, on a manager's word; the case stays open until the rest is done.

    Raises ReasonMissing without words, CaseIsClosed where there is no open case.
    """
    order, objection = _with_open_case(order_uuid, words)
    objection.returns_at, objection.answer = now, words.strip()
    objection.save(update_fields=["returns_at", "answer"])
    touch_order(order, "sent_back", side=Side.MANAGER, who=who, now=now, words=words.strip())
    return objection


@transaction.atomic
def report_rest_done(*, order_uuid: UUID, words: str, now: datetime) -> Objection:
    """Record that the friend has done the rest; the customer is asked once more.

    Raises ReasonMissing without words, CaseIsClosed where there is no open case.
    """
    order, objection = _with_open_case(order_uuid, words)
    close_objection(
        order,
        objection,
        outcome=ObjectionOutcome.MENDED,
        answer=words.strip(),
        side=Side.FRIEND,
        who=order.friend_name,
        now=now,
    )
    return objection


@transaction.atomic
def settle_objection(*, order_uuid: UUID, outcome: str, words: str, who: str, now: datetime) -> Objection:
    """Close the case on a manager's word, with which the order is completed.

    Raises ReasonMissing without words, CaseIsClosed where there is no open case.
    """
    order, objection = _with_open_case(order_uuid, words)
    close_objection(
        order,
        objection,
        outcome=ObjectionOutcome(outcome),
        answer=words.strip(),
        side=Side.MANAGER,
        who=who,
        now=now,
    )
    confirm_work(order_uuid=order_uuid, side=Side.MANAGER, now=now)
    return objection


def _with_open_case(order_uuid: UUID, words: str) -> tuple[Order, Objection]:
    order = locked_order(order_uuid)
    if not words.strip():
        raise ReasonMissing
    objection = order.objections.filter(closed_at=None).first()
    if objection is None:
        raise CaseIsClosed
    return order, objection
