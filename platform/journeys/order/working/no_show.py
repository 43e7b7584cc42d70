"""Somebody was not there at the agreed time: either side reports it, a manager decides (R15, R7).

What is owed: where the customer was absent and the manager ends the order, the customer pays what the partner's table
said at booking for not being there, and the friend gets the larger of their part of that and the share that the terms
have promised; the partner pays what the fee does not cover. The customer may object to the fee once, and a manager
decides. Where the friend was absent, nothing is owed and the job goes to other friends.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing.services import reprice_payment
from dispatch.selectors import job_by_id
from dispatch.working.disruptions import end_as_absent, job_in_hands_of
from journeys.money.books import book_ended, book_fee_waived
from journeys.money.incoming.card import give_back
from journeys.order.paying.bill_order import bill_fee, bill_order
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders import disruptions
from orders.cancelling import no_show_fee
from orders.disruptions import clear_date, end_by_rule, report_no_show
from orders.errors import NoReportOfAbsence
from orders.models import Order
from orders.moves import locked_order
from orders.selectors import no_shows, order_by_uuid
from orders.states import NO_SHOW_ENDED, Side
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def report_no_show_as_friend(*, job_id: UUID, friend_id: UUID, words: str, now: datetime) -> bool:
    """Report that the customer was not there; say whether that was new. Run on the platform.

    Raises OfferNotYours unless the friend has the job, NoAgreedDate or TooEarlyForNoShow.
    """
    job = job_in_hands_of(job_id, friend_id)
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        is_new = report_no_show(order_uuid=job.order_id, side=Side.FRIEND, words=words, now=now)
        if is_new:
            once = now.isoformat()
            tell_customer(ToCustomer.YOU_WERE_ABSENT, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once=once)
            tell_managers(ToManagers.NO_SHOW, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once=once)
    return is_new


@transaction.atomic
def report_no_show_as_customer(*, order: Order, tenant_id: int, words: str, now: datetime) -> bool:
    """Report that the friend did not come; say whether that was new. Run inside the tenant.

    Raises NoAgreedDate or TooEarlyForNoShow.
    """
    is_new = report_no_show(order_uuid=order.uuid, side=Side.CUSTOMER, words=words, now=now)
    if is_new:
        once = now.isoformat()
        job = job_by_id(order.placed_job_id)
        tell_friend(ToFriend.YOU_WERE_MISSED, job=job, friend_id=job.assigned_friend_id, now=now, once=once)
        tell_managers(ToManagers.NO_SHOW, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=once)
    return is_new


@transaction.atomic
def agree_anew(*, order: Order, tenant_id: int, who: str, now: datetime) -> Order:
    """Let the same friend and the customer agree on a new date; both are told. Run inside the tenant.

    Raises IllegalOrderMove unless a date is agreed.
    """
    cleared = clear_date(order_uuid=order.uuid, who=who, now=now)
    once = now.isoformat()
    job = job_by_id(cleared.placed_job_id)
    tell_customer(ToCustomer.NEW_DATE_WANTED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=once)
    tell_friend(ToFriend.NEW_DATE_WANTED, job=job, friend_id=job.assigned_friend_id, now=now, once=once)
    return cleared


@transaction.atomic
def end_for_absent_customer(*, order: Order, tenant_id: int, search: int, who: str, now: datetime) -> Order:
    """End an order whose customer was not there; the friend is owed their share, both are told. Run inside the tenant.

    The fee is kept of what was paid by card, and billed otherwise. Raises NoReportOfAbsence unless the friend has
    reported it, JobMovedOn where that friend has the job no more.
    """
    whole, tenant = order_by_uuid(order.uuid), tenant_by_id(tenant_id)
    if not was_customer_absent(whole):
        raise NoReportOfAbsence
    fee = no_show_fee(whole)
    with platform_context():
        job, owed_minor = end_as_absent(
            job_id=order.placed_job_id, search=search, at_least_minor=fee.split.friend_minor, now=now
        )
    ended = end_by_rule(
        order_uuid=order.uuid,
        kind=NO_SHOW_ENDED,
        side=Side.MANAGER,
        who=who,
        owed_minor=owed_minor,
        fee=fee,
        now=now,
    )
    give_back(order=ended, tenant_id=tenant_id, why="absent", keep_minor=fee.due_minor, now=now)
    if fee.due_minor:
        bill_fee(order=ended, tenant=tenant, now=now)
    tell_customer(ToCustomer.ORDER_ENDED_ABSENT, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=str(job.pk))
    tell_friend(ToFriend.JOB_ENDED, job=job, friend_id=job.assigned_friend_id, now=now, once="1")
    book_ended(job=job, tenant=tenant, owed_minor=owed_minor, fee=fee, now=now)
    return ended


@transaction.atomic
def object_to_fee(*, order: Order, tenant_id: int, words: str, now: datetime) -> None:
    """Let the customer say why they do not owe the fee; managers are told. Run inside the tenant.

    Raises IllegalOrderMove where there is none, or they have said so before.
    """
    disruptions.object_to_fee(order_uuid=order.uuid, words=words, now=now)
    tell_managers(ToManagers.FEE_OBJECTED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")


@transaction.atomic
def settle_fee(*, order: Order, tenant_id: int, is_waived: bool, words: str, who: str, now: datetime) -> Order:
    """Decide about that; a fee that is waived goes back, or its invoice is taken back. Run inside the tenant.

    Raises ReasonMissing without words, CaseIsClosed where nothing waits.
    """
    tenant, waived_minor = tenant_by_id(tenant_id), locked_order(order.uuid).fee_due_minor
    settled = disruptions.settle_fee(order_uuid=order.uuid, is_waived=is_waived, words=words, who=who, now=now)
    if is_waived:
        give_back(order=settled, tenant_id=tenant_id, why="fee_waived", now=now)
        reprice_payment(order=settled)
        bill_order(order=settled, tenant=tenant, now=now)
    tell_customer(ToCustomer.FEE_DECIDED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")
    if is_waived:
        book_fee_waived(order=settled, waived_minor=waived_minor, tenant=tenant, now=now)
    return settled


def was_customer_absent(order: Order) -> bool:
    """Say whether the friend has reported the customer of a whole order as absent at the agreed date."""
    return any(report.side == Side.FRIEND for report in no_shows(order))
