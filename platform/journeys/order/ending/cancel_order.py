"""An order ends before the work is done, on a manager's or the customer's word. Run inside the tenant."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.working.closing import cancel_job
from journeys.money.books import book_cancelled, book_ended
from journeys.money.incoming.card import give_back
from journeys.order.paying.bill_order import bill_fee
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from orders.errors import IllegalOrderMove
from orders.models import Order
from orders.services.orders import cancel_order as cancel_order_in_orders
from tenants.context import platform_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def cancel_order(
    *,
    order_uuid: UUID,
    job_id: UUID | None,
    tenant_id: int,
    side: str,
    who: str,
    why: str,
    agreed_fee_minor: int = 0,
    now: datetime,
) -> Order:
    """Cancel order and job; open offers are withdrawn, what was paid by card goes back, customer and friend are told.

    A customer who cancels late owes the fee that was agreed at booking, in minor units at most what they have just been
    shown: it is kept of a card payment, and billed otherwise. An order that waits for its payment has no job. Raises
    IllegalJobMove or IllegalOrderMove where it is done or cancelled, IllegalOrderMove where it has a job meanwhile, and
    CancellingCostsMore.
    """
    job = None
    if job_id is not None:
        with platform_context():
            job = cancel_job(job_id=job_id, now=now, why=why)
    order = cancel_order_in_orders(
        order_uuid=order_uuid, side=side, who=who, why=why, agreed_fee_minor=agreed_fee_minor, now=now
    )
    if order.job_id != job_id:
        raise IllegalOrderMove
    fee_minor, tenant = order.fee_due_minor, tenant_by_id(tenant_id)
    give_back(order=order, tenant_id=tenant_id, why="cancelled", keep_minor=fee_minor, now=now)
    if fee_minor:
        bill_fee(order=order, tenant=tenant, now=now)
    tell_customer(ToCustomer.ORDER_CANCELLED, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=str(job_id))
    if job is not None and job.friend_id:
        tell_friend(ToFriend.JOB_CANCELLED, job=job, friend_id=job.friend_id, now=now, once="1")
    if job is not None:
        book_ended(job=job, tenant=tenant, now=now)
    if job is not None and order.cancellation_fee_minor:
        book_cancelled(order=order, job=job, tenant=tenant, now=now)
    return order
