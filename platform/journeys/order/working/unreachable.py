"""The customer cannot be reached: attempts are logged, the order may end by rule, the customer may come back (R15)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.models import ContactAttempt, Job
from dispatch.working.disruptions import end_as_unreachable, open_once_more, owed_if_ended
from dispatch.working.disruptions import log_attempt as log_attempt_in_dispatch
from journeys.money.books import book_ended, book_reopened
from journeys.money.incoming.card import give_back, pay_by_invoice_instead
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders.disruptions import end_by_rule, note_customer_is_back, reopen
from orders.models import Order
from orders.states import Side
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id


def log_attempt(*, job_id: UUID, friend_id: UUID, channel: str, note: str, now: datetime) -> ContactAttempt:
    """Note that the friend has tried to reach the customer. Run on the platform.

    The contact clock runs on, but reminders and the manager's alarm say how often was tried. Raises IllegalJobMove
    unless the friend has the job, AttemptTooSoon within a minute of one by the same channel.
    """
    return log_attempt_in_dispatch(job_id=job_id, friend_id=friend_id, channel=channel, note=note, now=now)


@transaction.atomic
def report_unreachable(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """End the order because its customer cannot be reached; the friend is owed their share. Run on the platform.

    The customer is told how to come back. Raises IllegalJobMove unless the friend has the job, NotYetUnreachable
    before enough was tried.
    """
    job = end_as_unreachable(job_id=job_id, friend_id=friend_id, now=now)
    tenant, owed_minor = tenant_by_id(job.tenant_id), owed_if_ended(job)
    with tenant_context(tenant):
        ended = end_by_rule(
            order_uuid=job.order_id, kind="unreachable", side=Side.FRIEND, who="", owed_minor=owed_minor, now=now
        )
        give_back(order=ended, tenant_id=tenant.pk, why="unreachable", now=now)
        once = str(job.pk)
        tell_customer(
            ToCustomer.ORDER_ENDED_UNREACHABLE, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once=once
        )
        tell_managers(ToManagers.UNREACHABLE, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once=once)
    tell_friend(ToFriend.JOB_ENDED, job=job, friend_id=friend_id, now=now, once="1")
    book_ended(job=job, tenant=tenant, owed_minor=owed_minor, now=now)
    return job


@transaction.atomic
def say_i_am_here(*, order: Order, tenant_id: int, now: datetime) -> None:
    """Put the order of a customer who could not be reached, and is back, on the desk. Run inside the tenant.

    Raises IllegalOrderMove where it did not end so, TooLateToComeBack after seven days.
    """
    if note_customer_is_back(order_uuid=order.uuid, now=now):
        tell_managers(
            ToManagers.CUSTOMER_IS_BACK, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=str(order.job_id)
        )


@transaction.atomic
def reopen_order(*, order: Order, tenant_id: int, who: str, now: datetime) -> Job:
    """Search again for a customer who could not be reached and is back; they are told. Run inside the tenant.

    The order gets another job, so everybody near may be asked, the friend of the old one too. Raises IllegalOrderMove
    where the order did not end so.
    """
    with platform_context():
        job = open_once_more(job_id=order.placed_job_id, now=now)
    reopened = reopen(order_uuid=order.uuid, job_id=job.pk, who=who, now=now)
    pay_by_invoice_instead(order=reopened, tenant_id=tenant_id, now=now)
    tell_customer(ToCustomer.ORDER_REOPENED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=str(job.pk))
    with platform_context():
        ask_next_friends(job_id=job.pk, after_wave=0, now=now)
    book_reopened(ended_job_id=order.placed_job_id, tenant=tenant_by_id(tenant_id), now=now)
    return job
