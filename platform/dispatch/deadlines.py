"""When a job comes up again: rows with a due time, claimed by whoever sweeps. Callers hold the transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from dispatch.models import Deadline, Job
from dispatch.states import DeadlineKind

# Fractions of the partner's contact time at which the friend is reminded: 8 and 11 of 12 hours (R15).
REMINDER_PARTS = {DeadlineKind.CONTACT_REMINDER: (8, 12), DeadlineKind.CONTACT_LAST_CALL: (11, 12)}
CONFIRM_AFTER = timedelta(days=3)


def contact_clock(job: Job, now: datetime) -> list[Deadline]:
    """Return the deadlines of a job that is just being given to somebody, of the search that it is in by then."""
    hours = timedelta(hours=job.terms.contact_hours)
    due = {kind: now + hours * part / whole for kind, (part, whole) in REMINDER_PARTS.items()}
    return deadlines_of({**due, DeadlineKind.CONTACT_OVERDUE: now + hours})


def deadlines_of(due: Mapping[DeadlineKind, datetime]) -> list[Deadline]:
    """Return deadlines by kind, for a job that is just being moved, of the search that it is in by then."""
    return [Deadline(kind=kind, search=F("search"), due_at=due_at) for kind, due_at in due.items()]


def lock_due_deadlines(*, now: datetime, most: int, of_jobs: Collection[UUID] | None = None) -> list[Deadline]:
    """Lock the oldest due deadlines (1 query); act on them, and mark them as done, in the same transaction.

    ``of_jobs`` looks at those of some jobs alone.

    Their jobs are locked too, so that what a deadline finds of its job stays true; a job in other hands is left for
    later.
    """
    due = (
        Deadline.objects.select_for_update(skip_locked=True, of=("self", "job"), no_key=True)
        .select_related("job")
        .filter(done_at=None, due_at__lte=now, **({} if of_jobs is None else {"job_id__in": of_jobs}))
        # By the index alone: with the id as well, all that are due at one moment, as when quiet hours end, would be
        # sorted for each claim.
        .order_by("due_at")[:most]
    )
    return list(due)


def mark_done(deadlines: Iterable[Deadline], *, now: datetime) -> None:
    """Mark deadlines that the caller has locked as done (1 query)."""
    Deadline.objects.filter(pk__in=[deadline.pk for deadline in deadlines]).update(done_at=now)


def postpone_deadline(*, deadline_id: int, until: datetime) -> None:
    """Let a deadline that could not be acted on come up again; one that somebody has acted on stays done."""
    Deadline.objects.filter(pk=deadline_id, done_at=None).update(due_at=until)


def rearm_deadline(deadline: Deadline, *, until: datetime) -> None:
    """Let the deadline that the caller has just claimed come up again, since its moment has moved meanwhile."""
    Deadline.objects.filter(pk=deadline.pk).update(due_at=until, done_at=None)
