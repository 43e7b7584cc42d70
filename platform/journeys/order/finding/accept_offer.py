"""A friend answers an offer: first accept wins, a no may open the next wave. Run on the platform."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crowd.models import Friend
from dispatch.models import Job
from dispatch.offering.answers import accept_offer as accept_offer_in_dispatch
from dispatch.offering.answers import decline_offer as decline_offer_in_dispatch
from dispatch.offering.other_times import taken_from
from dispatch.selectors import job_by_id
from journeys.order.finding.ask_friends import ask_next_friends, share_as_job
from journeys.posting import to_customer, to_friends
from journeys.topics import ToCustomer, ToFriend
from orders.services.orders import assign_friend
from outbox.models import Message
from outbox.services import post_all
from tenants.context import tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def accept_offer(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Give the job to the friend if nobody was faster; a second accept of the winner changes nothing.

    Raises OfferNotYours, OfferAlreadyTaken, OfferExpired or TooManyOpenJobs.
    """
    offer, is_new = accept_offer_in_dispatch(job_id=job_id, friend_id=friend_id, now=now)
    job, once = offer.job, f"{job_id}.{offer.job.search}"
    if not is_new:
        return job
    taken = times_taken(job=job, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)):
        assign_order(job=job, friend=offer.friend, now=now)
        found = to_customer(
            ToCustomer.FRIEND_FOUND,
            tenant_id=job.tenant_id,
            order_uuid=job.order_id,
            now=now,
            once=once,
            friend=str(friend_id),
        )
        yours = to_friends(ToFriend.JOB_YOURS, job=job, friend_ids=[friend_id], now=now, once=once)
        post_all([found, *yours, *taken])
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


def times_taken(*, job: Job, now: datetime) -> list[Message]:
    """Return the notices to those whose proposed times waited for the customer of a job that somebody has just got.

    Run on the platform.
    """
    return to_friends(ToFriend.TIMES_TAKEN, job=job, friend_ids=taken_from(job), now=now, once=now.isoformat())


@transaction.atomic
def decline_offer(*, job_id: UUID, friend_id: UUID, reason: str, note: str = "", now: datetime) -> None:
    """Record a no; when all four have said no, the next four are asked at once.

    Raises OfferNotYours or OfferExpired.
    """
    was_last = decline_offer_in_dispatch(job_id=job_id, friend_id=friend_id, reason=reason, note=note, now=now)
    if was_last:
        ask_next_friends(job_id=job_id, after_wave=job_by_id(job_id).wave, now=now)
