"""The job's side of an escalation from friend to pro (R10): the friend's job ends, a pro's job follows it.

The friend's work is then the diagnosis: what they get for it is owed (``Owed``), and the job's own figures become
zero, so that nothing is paid twice. The figures of the pro's job and what is owed for the diagnosis add up to what the
customer pays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import pgettext_lazy

from crowd.selectors import nearest_candidates, pros_are_enabled
from crowd.services import free_slot
from crowd.states import Grade
from dispatch.briefs import JobBrief
from dispatch.deadlines import CONFIRM_AFTER
from dispatch.models import Job, Owed
from dispatch.moves import add_deadline, log_job, move_job, own_job
from dispatch.offering.waves import open_job
from dispatch.overflow.gate import open_contracts
from dispatch.selectors import wanted_by
from dispatch.states import DeadlineKind, JobState, OwedFor
from kernel.money import Split
from tenants.settings.commissions import Rates, columns_of


class Obstacle(models.TextChoices):
    """Why no pro can be asked."""

    NOT_ENABLED = "not_enabled", pgettext_lazy("friend", "There are no pros in this country yet.")
    NOBODY_NEAR = "nobody_near", pgettext_lazy("friend", "No pro near this place could do it at the moment.")
    IS_PRO = "is_pro", pgettext_lazy("friend", "This is a job for pros already.")


def obstacle_to(job: Job, *, now: datetime) -> Obstacle | None:
    """Say why no pro could take a friend's job over, or None where somebody could."""
    if job.needs_pro:
        return Obstacle.IS_PRO
    if not pros_are_enabled(job.country):
        return Obstacle.NOT_ENABLED
    terms = job.terms
    wanted = wanted_by(job, now=now)
    wanted = replace(wanted, needs_pro=True, skills=tuple(zip(job.skill_ids, _grades(job), strict=True)))
    communities = [job.tenant_id] if terms.own_waves else []
    communities += [one.community for one in open_contracts(job, now=now)] if terms.crowd_waves else []
    found = any(
        nearest_candidates(wanted, community=community, count=1, now=now, exclude=[job.assigned_friend_id])
        for community in communities
    )
    return None if found else Obstacle.NOBODY_NEAR


@transaction.atomic
def wait_for_answer(*, job_id: UUID, friend_id: UUID, diagnosis_minor: int, answer_by: datetime, now: datetime) -> Job:
    """Let the friend's job wait for the customer; the diagnosis is owed from now on, whatever the answer is.

    Raises IllegalJobMove unless the friend has the job.
    """
    job = own_job(job_id, friend_id)
    if diagnosis_minor:
        Owed.objects.get_or_create(
            job=job,
            friend_id=friend_id,
            why=OwedFor.DIAGNOSIS,
            defaults={"currency": job.currency, "amount_minor": diagnosis_minor, "at": now},
        )
    add_deadline(job, DeadlineKind.ESCALATION_LAPSES, due_at=answer_by)
    log_job(job, "handed_over", now, friend_id, diagnosis_minor=diagnosis_minor)
    return job


@transaction.atomic
def close_for_pro(*, job_id: UUID, now: datetime) -> Job:
    """End the job of the friend who handed over; they are free for others, and a pro's job may follow.

    Raises IllegalJobMove where somebody has answered before.
    """
    return _close(job_id, "closed_for_pro", now)


@transaction.atomic
def close_with_diagnosis(*, job_id: UUID, now: datetime) -> Job:
    """End the job of the friend who handed over with the diagnosis as the work; the customer may object for three days.

    Raises IllegalJobMove where somebody has answered before.
    """
    job = _close(job_id, "closed_with_diagnosis", now)
    add_deadline(job, DeadlineKind.CONFIRM_ANYWAY, due_at=now + CONFIRM_AFTER)
    return job


@transaction.atomic
def open_pro_job(
    *,
    follows: Job,
    split: Split,
    rates: Rates,
    diagnosis: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Job:
    """Write the pro's job that follows a friend's, for what is left of the price after the diagnosis; it searches.

    It has the words of the first job, and certificates must be those of pros.
    """
    brief = replace(
        JobBrief.of(follows),
        follows_id=follows.pk,
        diagnosis=tuple(dict(entry) for entry in diagnosis),
        needs_pro=True,
        grades=_grades(follows),
        split=split,
        **columns_of(rates),
    )
    return open_job(brief, now=now)


def still_waits(job_id: UUID) -> bool:
    """Say whether the customer has not answered yet; until the transaction ends they cannot."""
    return Job.objects.select_for_update().filter(pk=job_id, state=JobState.ASSIGNED).exists()


def diagnosis_fee(job: Job) -> int:
    """Return what is owed for the diagnosis before this pro's job, in minor units; 0 where it follows none."""
    return owed_for_diagnosis(job.follows) if job.follows else 0


def owed_for_diagnosis(job: Job) -> int:
    """Return what the friend of a job is owed for its diagnosis, in minor units."""
    diagnoses = sorted((owed for owed in job.owed.all() if owed.why == OwedFor.DIAGNOSIS), key=lambda owed: owed.pk)
    return diagnoses[0].amount_minor if diagnoses else 0


def diagnosis_found(job: Job) -> Owed | None:
    """Return what a friend is owed for a diagnosis before this job, or in it, or None (1 query)."""
    return Owed.objects.filter(job__in=[job.pk, job.follows_id], why=OwedFor.DIAGNOSIS).first()


def _grades(job: Job) -> list[int]:
    """Return the grade of each skill for a pro: what friends must have certified, pros must as pros."""
    grades = [*job.grades, *[Grade.DECLARED] * len(job.skill_ids)][: len(job.skill_ids)]
    return [int(Grade.PRO if grade else Grade.DECLARED) for grade in grades]


def _close(job_id: UUID, kind: str, now: datetime) -> Job:
    job = Job.objects.select_for_update().get(pk=job_id)
    friend_id = job.assigned_friend_id
    move_job(job, JobState.DONE, now=now, closed_at=now, price_minor=0, commission_minor=0, friend_minor=0)
    free_slot(friend_id)
    log_job(job, kind, now, friend_id)
    return job
