"""The job's side of extra work: with the customer's yes it costs more, or less, by the rates that it has (R12, R21)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from dispatch.models import Job
from dispatch.moves import lock_job, log_job, own_job
from dispatch.selectors import crossing_taken
from kernel.money import Split


def job_to_propose_for(job_id: UUID, friend_id: UUID) -> Job:
    """Return the job that the friend has, locked as everybody locks it before its order.

    Raises IllegalJobMove.
    """
    return own_job(job_id, friend_id)


@transaction.atomic
def reprice_job(*, job_id: UUID, change_minor: int, told: Mapping[str, Any] | None, now: datetime) -> Split:
    """Let a job cost so much more, and return its new split; whoever else may have it one day reads ``told``.

    ``told`` is a row of the brief. Where the job has left its community, the partner's share of the commission follows.
    """
    job = lock_job(job_id)
    split = replace(job.split, price_minor=job.price_minor + change_minor)
    before = job.price_minor
    job.price_minor, job.commission_minor = split.price_minor, split.commission_minor
    job.friend_minor = split.friend_minor
    job.brief = [*job.brief, *([dict(told)] if told else [])]
    job.save(update_fields=["price_minor", "commission_minor", "friend_minor", "brief"])
    _share_anew(job, split)
    log_job(job, "repriced", now, job.friend_id, before_minor=before, after_minor=split.price_minor)
    return split


def _share_anew(job: Job, split: Split) -> None:
    """Bring the figures of the crossing up to date by which the job's friend was asked."""
    crossing = crossing_taken(job)
    if crossing is None:
        return
    shared = replace(split, partner_share_bp=crossing.contract.partner_share_bp)
    crossing.commission_minor, crossing.partner_share_minor = shared.commission_minor, shared.partner_minor
    crossing.save(update_fields=["commission_minor", "partner_share_minor"])
