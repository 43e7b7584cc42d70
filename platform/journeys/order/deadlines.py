"""What happens when a deadline is due. Each is claimed, acted on and marked in one transaction of its own."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from dispatch.models import Deadline, Job
from dispatch.questions import wave_runs_until
from dispatch.services import claim_due_deadline, postpone_deadline, rearm_deadline
from dispatch.states import DeadlineKind, JobState
from journeys.order.accept_other_times import lapse_other_times
from journeys.order.ask_friends import ask_next_friends
from journeys.order.complete_job import confirm_unanswered
from journeys.order.escalate_to_pro import lapse_escalation
from journeys.order.publish_ratings import publish_overdue, remind_to_rate
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.deadlocks import is_deadlock
from orders.services import mark_overdue
from tenants.context import tenant_context
from tenants.errors import SchemaBehind
from tenants.selectors import tenant_by_id

logger = logging.getLogger(__name__)

LATER = timedelta(minutes=1)


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Act on due deadlines, oldest first, and return how many; several sweepers share the work."""
    done = 0
    while done < limit and _sweep_one(now):
        done += 1
    return done


def _sweep_one(now: datetime) -> bool:
    deadline: Deadline | None = None
    try:
        with transaction.atomic():
            deadline = claim_due_deadline(now=now)
            if deadline is None:
                return False
            # A friend who has it no more must not be reminded, nor the next one's wave or clock be cut short.
            if deadline.search == deadline.job.search:
                _ACTIONS[deadline.kind](deadline, now)
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


def _end_wave(deadline: Deadline, now: datetime) -> None:
    # A question may have moved the end at the very moment at which it was due.
    until = wave_runs_until(job_id=deadline.job_id, wave=deadline.wave, now=now)
    if until is not None:
        rearm_deadline(deadline, until=until)
        return
    ask_next_friends(job_id=deadline.job_id, after_wave=deadline.wave, now=now)


def _remind_friend(deadline: Deadline, now: datetime) -> None:
    job = deadline.job
    if _waits_for_contact(job):
        tell_friend(ToFriend(deadline.kind), job=job, friend_id=job.assigned_friend_id, now=now, once=_once(job))


def _alarm_manager(deadline: Deadline, now: datetime) -> None:
    job = deadline.job
    if not _waits_for_contact(job):
        return
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


def _waits_for_contact(job: Job) -> bool:
    return job.state == JobState.ASSIGNED and job.contacted_at is None


def _once(job: Job) -> str:
    return job.accepted_at.isoformat() if job.accepted_at else ""


_ACTIONS: dict[str, Callable[[Deadline, datetime], None]] = {
    DeadlineKind.WAVE_ENDS: _end_wave,
    DeadlineKind.WAVE_OPENS: _end_wave,
    DeadlineKind.CONTACT_REMINDER: _remind_friend,
    DeadlineKind.CONTACT_LAST_CALL: _remind_friend,
    DeadlineKind.CONTACT_OVERDUE: _alarm_manager,
    DeadlineKind.CONFIRM_ANYWAY: _confirm_anyway,
    DeadlineKind.RATE_REMINDER: _remind_to_rate,
    DeadlineKind.RATINGS_SHOWN: _show_ratings,
    DeadlineKind.ESCALATION_LAPSES: _lapse_escalation,
    DeadlineKind.TIMES_LAPSE: _lapse_times,
}
