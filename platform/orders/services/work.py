"""The work is reported and confirmed (R16)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from orders.errors import CaseIsOpen, ExtraIsOpen, IllegalOrderMove, SayWhyNow
from orders.models import Order, Report, Signature
from orders.moves import close_objection, locked_order, move_order, name_of, refuse_open_withdrawal
from orders.selectors import before_closing, closes_early
from orders.signatures import Signed
from orders.states import ARRANGING, ObjectionOutcome, OrderState, Side


def report_work(
    *,
    order_uuid: UUID,
    summary: str,
    material: str,
    minutes: int,
    is_paid: bool,
    why_now: str,
    signed: Signed | None = None,
    time_zone: str,
    now: datetime,
) -> Order:
    """Record that the work is done (R16), and what the customer has signed; ``time_zone`` is that of the agreed day.

    In the caller's transaction. Raises IllegalOrderMove before the customer was contacted and after the end, SayWhyNow
    without a reason where no date is agreed or its day lies ahead, ExtraIsOpen while the customer is asked about more.
    """
    order = locked_order(order_uuid)
    if order.state not in ARRANGING or order.state == OrderState.ACCEPTED:
        # While the customer decides about a pro, the order is not the friend's to close.
        raise IllegalOrderMove
    agreed_at, is_asked = before_closing(order)
    if is_asked:
        raise ExtraIsOpen
    is_early = closes_early(agreed_at, time_zone=time_zone, now=now)
    if is_early and not why_now.strip():
        raise SayWhyNow
    report = Report(
        summary=summary,
        material=material,
        minutes=minutes,
        is_paid=is_paid,
        why_now=why_now.strip() if is_early else "",
        created_at=now,
    )
    along: list[Model] = [report]
    if signed is not None:
        along.append(Signature(name=signed.name, drawing=signed.drawing, signed_at=now))
    move_order(
        order, OrderState.DONE, "done", side=Side.FRIEND, who=order.friend_name, now=now, along=along, done_at=now
    )
    return order


@transaction.atomic
def confirm_work(*, order_uuid: UUID, side: str, now: datetime) -> Order:
    """Confirm the completion, by the customer or after three days by the system; twice changes nothing.

    A customer who had said that the work is not done takes that back by it. Raises IllegalOrderMove unless the work
    is done, CaseIsOpen where another side confirms what the customer objects to, WithdrawalIsOpen.
    """
    order = locked_order(order_uuid)
    refuse_open_withdrawal(order)
    objection = order.objections.filter(closed_at=None).first()
    if objection is not None:
        if side != Side.CUSTOMER:
            raise CaseIsOpen
        close_objection(order, objection, outcome=ObjectionOutcome.WITHDRAWN, answer="", side=side, who=order.name,
                        now=now)  # fmt: skip
    if order.state != OrderState.CONFIRMED:
        move_order(
            order, OrderState.CONFIRMED, "confirmed", side=side, who=name_of(order, side), now=now, confirmed_at=now
        )
    return order
