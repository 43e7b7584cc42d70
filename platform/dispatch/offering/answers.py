"""Offered friends accept or decline. Who is first is decided by one conditional UPDATE; see ``claim_job``."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from crowd.services import note_first_job, take_slot
from dispatch.deadlines import contact_clock
from dispatch.errors import OfferAlreadyTaken, OfferExpired, OfferWithdrawn
from dispatch.models import Job, JobEvent, Offer
from dispatch.moves import log_job, own_offer
from dispatch.overflow.gate import keep_promise
from dispatch.states import LIVE_OFFERS, JobState, OfferState
from kernel.database.logged import update_and_log


def accept_offer(*, job_id: UUID, friend_id: UUID, now: datetime) -> tuple[Offer, bool]:
    """Give the job to the friend if nobody was faster; return the offer, and whether that is new or was so already.

    In the caller's transaction. Exactly one of any number of rivals succeeds (R14).

    Raises OfferNotYours, OfferAlreadyTaken, OfferExpired, or TooManyOpenJobs of the crowd.
    """
    offer = own_offer(job_id, friend_id)
    if offer.state == OfferState.ACCEPTED:
        return offer, False
    # Everybody locks friend before job, so no two accepts wait for each other.
    take_slot(friend_id)
    live = Offer.objects.filter(job_id=job_id, friend_id=friend_id, state__in=LIVE_OFFERS, expires_at__gt=now)
    job = claim_job(Job.objects.filter(pk=job_id, pk__in=live.values("job_id")), offer, now)
    if job is None:
        raise _why_not(job_id, friend_id)
    return offer, True


def claim_job(found: QuerySet[Job], offer: Offer, now: datetime) -> Job | None:
    """Give the job that is found to the friend of an offer if it is still free, and return it; None where it is not.

    The other offers of the job are closed, and the friend's contact clock starts.
    """
    # The filter is the lock: of two UPDATEs only one still finds the job searching.
    job = update_and_log(
        found.filter(state=JobState.SEARCHING),
        [JobEvent(at=now, kind="accepted", friend_id=offer.friend_id), *contact_clock(offer.job, now)],
        about="job",
        state=JobState.ASSIGNED,
        friend_id=offer.friend_id,
        accepted_at=now,
    )
    if job is None:
        return None
    is_won = Q(pk=offer.pk)
    job.offers.filter(is_won | Q(state__in=LIVE_OFFERS)).update(
        state=Case(When(is_won, then=Value(OfferState.ACCEPTED)), default=Value(OfferState.TAKEN)), answered_at=now
    )
    keep_promise(job, offer)
    if offer.friend.first_job_at is None:
        note_first_job(offer.friend_id, now=now)
    offer.job = job
    return job


@transaction.atomic
def decline_offer(*, job_id: UUID, friend_id: UUID, reason: str, note: str = "", now: datetime) -> bool:
    """Record a no, which costs the friend nothing; say whether it was the last open answer of the wave.

    Raises OfferNotYours, or OfferExpired where the offer is not open any more.
    """
    offer = own_offer(job_id, friend_id)
    # The job's row orders two last declines of one wave: the second one sees that nobody is left.
    job = Job.objects.select_for_update().get(pk=job_id)
    declined = Offer.objects.filter(pk=offer.pk, state__in=LIVE_OFFERS).update(
        state=OfferState.DECLINED, answered_at=now, decline_reason=reason, decline_note=note
    )
    if not declined:
        raise OfferExpired
    log_job(job, "declined", now, friend_id, reason=reason, note=note)
    return all_have_answered(job)


def all_have_answered(job: Job) -> bool:
    """Say whether the locked job searches and nobody is being asked, so that the next may be."""
    return job.state == JobState.SEARCHING and not job.offers.filter(state=OfferState.OPEN).exists()


def _why_not(job_id: UUID, friend_id: UUID) -> OfferAlreadyTaken | OfferExpired:
    """Explain a lost claim from what the database says now."""
    job = Job.objects.get(pk=job_id)
    if job.state == JobState.CANCELLED or own_offer(job_id, friend_id).state == OfferState.WITHDRAWN:
        return OfferWithdrawn()
    if job.friend_id is not None and job.friend_id != friend_id:
        return OfferAlreadyTaken()
    return OfferExpired()
