"""Contact is made, the work is done and confirmed, or the job ends without."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.services import free_slot
from dispatch.deadlines import CONFIRM_AFTER, deadlines_of
from dispatch.errors import IllegalJobMove
from dispatch.models import Deadline, Job, JobEvent
from dispatch.moves import add_deadlines, log_job, move_job, own_job
from dispatch.states import LIVE_OFFERS, DeadlineKind, JobState, OfferState
from kernel.database.logged import update_and_log


@transaction.atomic
def note_contact(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Stop the contact clock; its deadlines find that out when they are due.

    Raises IllegalJobMove unless the friend has the job.
    """
    job = own_job(job_id, friend_id)
    if job.contacted_at is None:
        job.contacted_at = now
        job.save(update_fields=["contacted_at"])
        log_job(job, "contacted", now, friend_id)
    return job


def close_job(*, job_id: UUID, friend_id: UUID, remind_at: datetime, shown_at: datetime, now: datetime) -> Job:
    """Record that the friend has done the work; the customer has three days to object.

    In the caller's transaction. ``remind_at`` and ``shown_at`` are the moments of ``await_ratings``. Raises
    IllegalJobMove unless the friend has the job.
    """
    due = {
        DeadlineKind.CONFIRM_ANYWAY: now + CONFIRM_AFTER,
        DeadlineKind.RATE_REMINDER: remind_at,
        DeadlineKind.RATINGS_SHOWN: shown_at,
    }
    job = update_and_log(
        Job.objects.filter(pk=job_id, friend_id=friend_id, state=JobState.ASSIGNED),
        [JobEvent(at=now, kind="closed", friend_id=friend_id), *deadlines_of(due)],
        about="job",
        state=JobState.DONE,
        closed_at=now,
    )
    if job is None:
        raise IllegalJobMove
    free_slot(friend_id)
    return job


@transaction.atomic
def await_confirmation_anew(*, job_id: UUID, now: datetime) -> None:
    """Give the customer of closed work another three days, since the friend has done the rest."""
    job = Job.objects.select_for_update().get(pk=job_id)
    deadlines = Deadline.objects.filter(job=job, kind=DeadlineKind.CONFIRM_ANYWAY, search=job.search)
    deadlines.update(due_at=now + CONFIRM_AFTER, done_at=None)


def await_ratings(*, job: Job, remind_at: datetime, shown_at: datetime) -> None:
    """Set when the customer is reminded to rate, and when the ratings are shown at the latest."""
    add_deadlines(job, {DeadlineKind.RATE_REMINDER: remind_at, DeadlineKind.RATINGS_SHOWN: shown_at})


@transaction.atomic
def cancel_job(*, job_id: UUID, now: datetime, why: str = "") -> Job:
    """End a job that is not done; open offers are withdrawn, and the friend who had it is free again.

    Raises IllegalJobMove where it is done or cancelled.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    had = job.friend_id if job.state == JobState.ASSIGNED else None
    move_job(job, JobState.CANCELLED, now=now, closed_at=now)
    job.offers.filter(state__in=LIVE_OFFERS).update(state=OfferState.WITHDRAWN, answered_at=now)
    if had:
        free_slot(had)
    log_job(job, "cancelled", now, why=why)
    return job
