"""A job leaves its friend before the work is done and is offered to others at once (R15, R17).

The friend gives it back, or the manager passes it on. What the customer said stays with the order; the friend's part is
free of charge, though managers see how often somebody has given jobs back.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.models import Job, Offer
from dispatch.working.disruptions import ask_me_again as ask_me_again_in_dispatch
from dispatch.working.disruptions import give_back, pass_on
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders.disruptions import send_back_to_search
from orders.models import Order
from orders.states import Side
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def give_back_job(*, job_id: UUID, friend_id: UUID, reason: str, words: str, now: datetime) -> Job:
    """Take the job back from the friend on their word and ask the next ones; customer and manager are told.

    Run on the platform. Raises IllegalJobMove unless the friend has the job, IllegalOrderMove where a pro was called.
    """
    job = give_back(job_id=job_id, friend_id=friend_id, reason=reason, words=words, now=now)
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        _send_back(job, "given_back", side=Side.FRIEND, who="", why=reason, words=words, now=now)
        tell_managers(
            ToManagers.JOB_GIVEN_BACK,
            tenant_id=tenant.pk,
            order_uuid=job.order_id,
            now=now,
            once=f"{job_id}.{job.search}",
        )
    ask_next_friends(job_id=job_id, after_wave=0, now=now)
    return job


@transaction.atomic
def pass_on_job(*, order: Order, search: int, who: str, why: str, now: datetime) -> Job:
    """Pass the job on to other friends on a manager's word; customer and friend are told. Run inside the tenant.

    ``search`` is the one that the manager looked at. Raises JobMovedOn where the friend of that search has the job no
    more, so a second click changes nothing.
    """
    with platform_context():
        job, had = pass_on(job_id=order.placed_job_id, search=search, why=why, now=now)
    _send_back(job, "passed_on", side=Side.MANAGER, who=who, why=why, words="", now=now)
    tell_friend(ToFriend.JOB_PASSED_ON, job=job, friend_id=had, now=now, once=str(job.search))
    with platform_context():
        ask_next_friends(job_id=job.pk, after_wave=0, now=now)
    return job


def ask_me_again(*, job_id: UUID, friend_id: UUID, wants: bool, now: datetime) -> Offer:
    """Record whether a friend wants to be asked once more if the job comes up again. Run on the platform.

    Raises OfferNotYours, or IllegalJobMove where the offer is not past or the job is over.
    """
    return ask_me_again_in_dispatch(job_id=job_id, friend_id=friend_id, wants=wants, now=now)


def _send_back(job: Job, kind: str, *, side: str, who: str, why: str, words: str, now: datetime) -> None:
    """Let the order search again and tell its customer. Runs inside the tenant."""
    send_back_to_search(order_uuid=job.order_id, kind=kind, side=side, who=who, why=why, words=words, now=now)
    tell_customer(
        ToCustomer.ORDER_PASSED_ON,
        tenant_id=job.tenant_id,
        order_uuid=job.order_id,
        now=now,
        once=f"{job.pk}.{job.search}",
    )
