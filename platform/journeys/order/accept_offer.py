"""A friend answers an offer: first accept wins, a no may open the next wave. Run on the platform."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crowd.models import Friend
from crowd.selectors import friend_by_id
from dispatch import services as dispatch
from dispatch.models import Job
from dispatch.other_times import taken_from
from dispatch.selectors import job_by_id
from journeys.order.ask_friends import ask_next_friends, share_as_job
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from orders.services import assign_friend
from tenants.context import tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def accept_offer(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Give the job to the friend if nobody was faster; a second accept of the winner changes nothing.

    Raises OfferNotYours, OfferAlreadyTaken, OfferExpired or TooManyOpenJobs.
    """
    job, is_new = dispatch.accept_offer(job_id=job_id, friend_id=friend_id, now=now)
    if not is_new:
        return job
    friend = friend_by_id(friend_id)
    with tenant_context(tenant_by_id(job.tenant_id)):
        assign_order(job=job, friend=friend, now=now)
    once = f"{job.pk}.{job.search}"
    tell_customer(
        ToCustomer.FRIEND_FOUND,
        tenant_id=job.tenant_id,
        order_uuid=job.order_id,
        now=now,
        once=once,
        friend=str(friend_id),
    )
    tell_friend(ToFriend.JOB_YOURS, job=job, friend_id=friend_id, now=now, once=once)
    tell_taken(job=job, now=now)
    return job


def assign_order(*, job: Job, friend: Friend, now: datetime) -> None:
    """Record on the order who has just got its job. Run inside the tenant.

    Raises IllegalOrderMove unless the order is searching.
    """
    order = assign_friend(
        order_uuid=job.order_id,
        friend_id=friend.pk,
        name=f"{friend.first_name} {friend.last_name[:1]}.",
        phone=friend.phone,
        contact_due_at=now + timedelta(hours=job.terms.contact_hours),
        now=now,
    )
    if order.commission_bp != job.commission_bp:
        # The accepted offer is not of the last wave, and showed another split.
        share_as_job(job, now)


def tell_taken(*, job: Job, now: datetime) -> None:
    """Tell those whose proposed times waited for the customer that the job has just been given to somebody else.

    Run on the platform.
    """
    for friend_id in taken_from(job):
        tell_friend(ToFriend.TIMES_TAKEN, job=job, friend_id=friend_id, now=now, once=now.isoformat())


@transaction.atomic
def decline_offer(*, job_id: UUID, friend_id: UUID, reason: str, note: str = "", now: datetime) -> None:
    """Record a no; when all four have said no, the next four are asked at once.

    Raises OfferNotYours or OfferExpired.
    """
    was_last = dispatch.decline_offer(job_id=job_id, friend_id=friend_id, reason=reason, note=note, now=now)
    if was_last:
        ask_next_friends(job_id=job_id, after_wave=job_by_id(job_id).wave, now=now)
