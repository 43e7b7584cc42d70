"""The steps that all writes of jobs are made of. Callers hold the transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.errors import IllegalJobMove, OfferNotYours
from dispatch.models import Deadline, Job, JobEvent, Offer
from dispatch.permits import may_work
from dispatch.selectors import offer_of
from dispatch.states import JOB_MOVES, DeadlineKind


def move_job(job: Job, state: str, *, now: datetime, **changes: Any) -> None:
    """Move a job along its state machine, with other columns in the same statement.

    Raises IllegalJobMove where the table of moves does not allow it or somebody else has just moved it.
    """
    if state not in JOB_MOVES[job.state]:
        raise IllegalJobMove
    moved = Job.objects.filter(pk=job.pk, state=job.state).update(state=state, **changes)
    if not moved:
        raise IllegalJobMove
    job.state = state
    for name, value in changes.items():
        setattr(job, name, value)


def add_deadline(job: Job, kind: str, *, due_at: datetime, wave: int = 0) -> None:
    """Write a deadline; writing the same one twice changes nothing."""
    add_deadlines(job, {kind: due_at}, wave=wave)


def add_deadlines(job: Job, due: Mapping[str, datetime], *, wave: int = 0) -> None:
    """Write deadlines by kind (1 query); writing the same one twice changes nothing."""
    Deadline.objects.bulk_create(
        [Deadline(job=job, kind=kind, search=job.search, wave=wave, due_at=due_at) for kind, due_at in due.items()],
        ignore_conflicts=True,
    )


def await_opening(job: Job, *, opens_at: datetime) -> None:
    """Let the next wave open later.

    A sweeper that comes so late that it is quiet again has just marked the row as done: it waits anew. A row that
    still waits is not touched, since only the sweeper may lock it.
    """
    await_moment(job, DeadlineKind.WAVE_OPENS, due_at=opens_at, wave=job.wave)


def await_moment(job: Job, kind: str, *, due_at: datetime, wave: int = 0) -> None:
    """Write a deadline, or let it come up anew where it is done; one that still waits is not touched."""
    add_deadline(job, kind, due_at=due_at, wave=wave)
    done = Deadline.objects.filter(job=job, kind=kind, search=job.search, wave=wave, done_at__isnull=False)
    done.update(due_at=due_at, done_at=None)


def move_deadline(job: Job, kind: str, *, due_at: datetime, wave: int = 0) -> None:
    """Let a deadline of the job's search that is not done come up at another moment.

    One that the sweeper holds at this moment is left to it: the job is locked, so it sees afterwards that the moment
    has moved, and lets it come up again (``rearm_deadline``). To wait for it here could close a circle of locks.
    """
    found = Deadline.objects.filter(job=job, kind=kind, search=job.search, wave=wave, done_at=None)
    free = found.select_for_update(skip_locked=True).values("pk")
    Deadline.objects.filter(pk__in=free).update(due_at=due_at)


def lock_job(job_id: UUID) -> Job:
    """Return the job, locked until the transaction ends."""
    return Job.objects.select_for_update().get(pk=job_id)


def own_offer(job_id: UUID, friend_id: UUID) -> Offer:
    """Return the friend's latest offer of the job.

    Raises OfferNotYours.
    """
    offer = offer_of(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    return offer


def own_job(job_id: UUID, friend_id: UUID) -> Job:
    """Return the job that the friend has, locked until the transaction ends.

    Raises IllegalJobMove where they do not have it.
    """
    job = Job.objects.select_for_update().filter(pk=job_id, friend_id=friend_id).first()
    if job is None or not may_work(job, friend_id):
        raise IllegalJobMove
    return job


def log_job(job: Job, kind: str, now: datetime, friend_id: UUID | None = None, **detail: Any) -> None:
    """Write a line into the job's log."""
    JobEvent.objects.create(job=job, at=now, kind=kind, friend_id=friend_id, detail=detail)
