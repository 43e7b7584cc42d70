"""The customer wishes for other times while nobody has the job yet (R18). All of it happens under the job's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from crowd.selectors import free_at
from dispatch.errors import IllegalJobMove
from dispatch.models import Job, Offer
from dispatch.moves import log_job
from dispatch.offering.answers import all_have_answered
from dispatch.states import JobState, OfferState
from kernel.slots import week_of


@dataclass(frozen=True)
class ChangedTimes:
    """The job with its new times, the friends who are still asked, and whether nobody is."""

    job: Job
    asked: list[UUID]
    all_have_answered: bool


@transaction.atomic
def change_windows(*, job_id: UUID, windows: Sequence[tuple[date, int]], now: datetime) -> ChangedTimes:
    """Replace the wished times. Open offers of friends who are free at none of the new ones are withdrawn.

    Raises IllegalJobMove unless the job searches or has found nobody.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state not in {JobState.SEARCHING, JobState.UNFILLED}:
        raise IllegalJobMove
    job.windows, job.week = [[day.isoformat(), part] for day, part in windows], week_of(windows)
    job.save(update_fields=["windows", "week"])
    asked = list(
        Offer.objects.filter(job=job, state=OfferState.OPEN).order_by("id").values_list("friend_id", flat=True)
    )
    free = free_at(asked, windows)
    gone = [friend_id for friend_id in asked if friend_id not in free]
    job.offers.filter(state=OfferState.OPEN, friend_id__in=gone).update(state=OfferState.WITHDRAWN, answered_at=now)
    log_job(job, "windows_changed", now, windows=job.windows, withdrawn=len(gone))
    return ChangedTimes(
        job=job,
        asked=[friend_id for friend_id in asked if friend_id in free],
        all_have_answered=all_have_answered(job),
    )
