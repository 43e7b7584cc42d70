"""What a friend may do with an offer or a job; pages offer what stands here, and services refuse everything else."""

from datetime import datetime
from uuid import UUID

from dispatch.errors import IllegalJobMove
from dispatch.models import Job, Offer
from dispatch.states import LIVE_JOBS, LIVE_OFFERS, PAST_OFFERS, JobState, OfferState


def may_answer(offer: Offer, job: Job, *, now: datetime) -> bool:
    """Say whether the friend can still take the job: it searches, and their offer lives."""
    return job.state == JobState.SEARCHING and offer.state in LIVE_OFFERS and offer.expires_at > now


def may_decide(offer: Offer, job: Job, *, now: datetime) -> bool:
    """Say whether the friend has yet to say yes, no, or other times."""
    return offer.state == OfferState.OPEN and may_answer(offer, job, now=now)


def may_work(job: Job, friend_id: UUID) -> bool:
    """Say whether the friend has the job and it has not ended."""
    return job.state == JobState.ASSIGNED and job.friend_id == friend_id


def may_ask_again(offer: Offer, job: Job) -> bool:
    """Say whether a friend may wish to be offered a past job once more: it is still somebody's concern."""
    return offer.state in PAST_OFFERS and job.state in LIVE_JOBS


def job_to_work_on(job_id: UUID, friend_id: UUID) -> Job:
    """Return the job where the friend may work on it.

    Raises IllegalJobMove.
    """
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not may_work(job, friend_id):
        raise IllegalJobMove
    return job
