"""What happens when a deadline is due: it is locked, acted on and marked as done in one transaction.

Those that only tell a friend something, and those that have become pointless, which most have by then, are taken many
at once. Each of the others has a transaction of its own.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from dispatch.deadlines import lock_due_deadlines, mark_done, postpone_deadline, rearm_deadline
from dispatch.models import Deadline, Job
from dispatch.offering.questions import wave_runs_until
from dispatch.states import DeadlineKind, JobState
from journeys.money.incoming.claims import remind
from journeys.order.finding.accept_other_times import lapse_other_times
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.paying.bill_order import bill_unpaid
from journeys.order.rating.publish_ratings import publish_overdue, remind_to_rate
from journeys.order.working.complete_job import confirm_unanswered
from journeys.order.working.escalate_to_pro import lapse_escalation
from journeys.posting import tell_customer, tell_managers, to_friends
from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.database.deadlocks import is_deadlock
from orders.services.appointments import mark_overdue
from outbox.models import Message
from outbox.services import post_all
from tenants.context import tenant_context
from tenants.errors import SchemaBehind
from tenants.selectors import tenant_by_id

logger = logging.getLogger(__name__)

LATER = timedelta(minutes=1)
# So many are taken at once. Whoever wants one of their jobs meanwhile waits for all of them: some milliseconds.
AT_ONCE = 50

_REMINDERS = {DeadlineKind.CONTACT_REMINDER, DeadlineKind.CONTACT_LAST_CALL}
_OF_CONTACT = {*_REMINDERS, DeadlineKind.CONTACT_OVERDUE}


def sweep(*, now: datetime, limit: int = 500, of_jobs: Collection[UUID] | None = None) -> int:
    """Act on due deadlines, oldest first, and return how many; several sweepers share the work.

    ``of_jobs`` acts on those of some jobs alone.
    """
    done = 0
    while done < limit:
        said, others = _sweep_at_once(now, of_jobs)
        acted = sum(_sweep_one(now, of_jobs) for _other in range(others))
        if not said + acted:
            break
        done += said + acted
    return done


def _sweep_at_once(now: datetime, of_jobs: Collection[UUID] | None) -> tuple[int, int]:
    """Act on those of the oldest due deadlines that do no more than say something.

    Return how many these were, and how many of the others are left for ``_sweep_one``.
    """
    due: list[Deadline] = []
    try:
        with transaction.atomic():
            due = lock_due_deadlines(now=now, most=AT_ONCE, of_jobs=of_jobs)
            said = [(deadline, notices) for deadline in due if (notices := _said_by(deadline, now)) is not None]
            mark_done([deadline for deadline, _notices in said], now=now)
            post_all([notice for _deadline, notices in said for notice in notices])
    except Exception:
        if not due:
            raise
        logger.exception("%s deadlines are acted on one by one, since together they failed", len(due))
        return 0, len(due)
    return len(said), len(due) - len(said)


def _sweep_one(now: datetime, of_jobs: Collection[UUID] | None) -> bool:
    deadline: Deadline | None = None
    try:
        with transaction.atomic():
            deadline = next(iter(lock_due_deadlines(now=now, most=1, of_jobs=of_jobs)), None)
            if deadline is None:
                return False
            mark_done([deadline], now=now)
            notices = _said_by(deadline, now)
            if notices is None:
                _ACTIONS[deadline.kind](deadline, now)
            else:
                post_all(notices)
            return True
    except SchemaBehind:
        if deadline is None:
            raise
        # Its partner is being migrated; the deadlines of the others behind it must not wait.
        logger.warning("Deadline %s waits for its partner's migrations", deadline)
        postpone_deadline(deadline_id=deadline.pk, until=now + LATER)
        return True
    except Exception as error:
        if deadline is None:
            raise
        if is_deadlock(error):
            return True
        # Whatever is wrong with this one, those behind it are due as well.
        logger.exception("Deadline %s failed and is tried again", deadline)
        postpone_deadline(deadline_id=deadline.pk, until=now + LATER)
        return True


def _said_by(deadline: Deadline, now: datetime) -> list[Message] | None:
    """Return the notices of a deadline that does nothing else, none where it is pointless; None where it does more."""
    job = deadline.job
    # A friend who has it no more must not be reminded, nor the next one's wave or clock be cut short.
    if deadline.search != job.search:
        return []
    if deadline.kind in _OF_CONTACT and (job.state != JobState.ASSIGNED or job.contacted_at is not None):
        return []
    if deadline.kind in _REMINDERS:
        topic = ToFriend(deadline.kind)
        return to_friends(topic, job=job, friend_ids=[job.assigned_friend_id], now=now, once=_once(job))
    return None


def _end_wave(deadline: Deadline, now: datetime) -> None:
    # A question may have moved the end at the very moment at which it was due.
    until = wave_runs_until(job_id=deadline.job_id, wave=deadline.wave, now=now)
    if until is not None:
        rearm_deadline(deadline, until=until)
        return
    ask_next_friends(job_id=deadline.job_id, after_wave=deadline.wave, now=now)


def _alarm_manager(deadline: Deadline, now: datetime) -> None:
    job = deadline.job
    with tenant_context(tenant_by_id(job.tenant_id)):
        order = mark_overdue(order_uuid=job.order_id, now=now)
    if order is not None:
        tell_managers(
            ToManagers.CONTACT_OVERDUE, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=_once(job)
        )
        tell_customer(
            ToCustomer.CONTACT_OVERDUE, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=_once(job)
        )


def _lapse_times(deadline: Deadline, now: datetime) -> None:
    next_at = lapse_other_times(job_id=deadline.job_id, now=now)
    if next_at is not None:
        rearm_deadline(deadline, until=next_at)


def _confirm_anyway(deadline: Deadline, now: datetime) -> None:
    if deadline.job.state == JobState.DONE:
        confirm_unanswered(job=deadline.job, now=now)


def _show_ratings(deadline: Deadline, now: datetime) -> None:
    publish_overdue(job=deadline.job, now=now)


def _remind_to_rate(deadline: Deadline, now: datetime) -> None:
    remind_to_rate(job=deadline.job, now=now)


def _lapse_escalation(deadline: Deadline, now: datetime) -> None:
    lapse_escalation(job=deadline.job, now=now)


def _remind_of_invoice(deadline: Deadline, now: datetime) -> None:
    bill_unpaid(job=deadline.job, now=now)
    next_at = remind(job=deadline.job, now=now)
    if next_at is not None:
        rearm_deadline(deadline, until=next_at)


def _once(job: Job) -> str:
    return job.accepted_at.isoformat() if job.accepted_at else ""


_ACTIONS: dict[str, Callable[[Deadline, datetime], None]] = {
    DeadlineKind.WAVE_ENDS: _end_wave,
    DeadlineKind.WAVE_OPENS: _end_wave,
    DeadlineKind.CONTACT_OVERDUE: _alarm_manager,
    DeadlineKind.CONFIRM_ANYWAY: _confirm_anyway,
    DeadlineKind.RATE_REMINDER: _remind_to_rate,
    DeadlineKind.RATINGS_SHOWN: _show_ratings,
    DeadlineKind.ESCALATION_LAPSES: _lapse_escalation,
    DeadlineKind.TIMES_LAPSE: _lapse_times,
    DeadlineKind.INVOICE_REMINDER: _remind_of_invoice,
}
