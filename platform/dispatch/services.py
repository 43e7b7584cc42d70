"""Writes about jobs and offers. Who is first is decided by one conditional UPDATE; see ``accept_offer``.

Locks are taken in one order, so that nobody waits in a circle: friend (only by an accept), job, offers. Deadlines
are never touched by anybody but the sweeper: one that has become pointless finds that out when it is due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from crowd.selectors import nearest_candidates
from crowd.services import free_slot, note_offers, take_slot
from dispatch.errors import IllegalJobMove, OfferAlreadyTaken, OfferExpired, OfferNotYours
from dispatch.models import Deadline, Job, JobEvent, Offer
from dispatch.selectors import offer_of, wanted_by
from dispatch.states import JOB_MOVES, DeadlineKind, JobState, OfferState

# Fractions of the partner's contact time at which the friend is reminded: 8 and 11 of 12 hours (R15).
REMINDER_PARTS = {DeadlineKind.CONTACT_REMINDER: (8, 12), DeadlineKind.CONTACT_LAST_CALL: (11, 12)}
CONFIRM_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class WaveResult:
    """What opening a wave led to: the new offers, or none where nobody is left to ask."""

    job: Job
    offers: list[Offer]

    @property
    def found_nobody(self) -> bool:
        """Say whether the search has ended without a friend."""
        return self.job.state == JobState.UNFILLED


@transaction.atomic
def open_job(*, now: datetime, **fields: Any) -> Job:
    """Write a job that searches; ``open_next_wave`` then asks the first friends, in the same transaction."""
    job = Job.objects.create(created_at=now, **fields)
    _log(job, "opened", now)
    return job


@transaction.atomic
def open_next_wave(*, job_id: UUID, now: datetime, after_wave: int) -> WaveResult | None:
    """Offer the job to the next nearest eligible friends, four by default, or end the search.

    Waves that would reach nobody are skipped. Returns None where there is nothing to do: the job no longer
    searches, or another process has already left wave ``after_wave``.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.SEARCHING or job.wave != after_wave:
        return None
    expired = job.offers.filter(state=OfferState.OPEN).update(state=OfferState.EXPIRED, answered_at=now)
    if expired:
        _log(job, "wave_ended", now, wave=job.wave, unanswered=expired)
    asked = list(job.offers.values_list("friend_id", flat=True))
    while job.wave < job.last_wave:
        job.wave += 1
        found = nearest_candidates(
            wanted_by(job), community=job.community, count=job.rules["wave_size"], now=now, exclude=asked
        )
        if found:
            return _offer_to(job, found, now)
    _end_search(job, now)
    return WaveResult(job, [])


def accept_offer(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Give the job to the friend if nobody was faster. Exactly one of any number of rivals succeeds (R14).

    Raises OfferNotYours, OfferAlreadyTaken, OfferExpired, or TooManyOpenJobs of the crowd.
    """
    offer = _own_offer(job_id, friend_id)
    if offer.state == OfferState.ACCEPTED:
        return offer.job
    with transaction.atomic():
        # Everybody locks friend before job, so no two accepts wait for each other.
        take_slot(friend_id)
        if not _claim(job_id, friend_id, now):
            raise _why_not(job_id, friend_id)
        job = Job.objects.get(pk=job_id)
        job.offers.filter(friend_id=friend_id).update(state=OfferState.ACCEPTED, answered_at=now)
        job.offers.filter(state=OfferState.OPEN).update(state=OfferState.TAKEN, answered_at=now)
        _start_contact_clock(job, now)
        _log(job, "accepted", now, friend_id)
    return job


def _claim(job_id: UUID, friend_id: UUID, now: datetime) -> bool:
    """Assign the job to this friend if it is still free and offered to them; say whether it worked."""
    # The filter is the lock: of two UPDATEs only one still finds the job searching.
    claimed = Job.objects.filter(
        pk=job_id,
        state=JobState.SEARCHING,
        pk__in=Offer.objects.filter(
            job_id=job_id, friend_id=friend_id, state=OfferState.OPEN, expires_at__gt=now
        ).values("job_id"),
    ).update(state=JobState.ASSIGNED, friend_id=friend_id, accepted_at=now)
    return claimed == 1


@transaction.atomic
def decline_offer(*, job_id: UUID, friend_id: UUID, reason: str, note: str = "", now: datetime) -> bool:
    """Record a no, which costs the friend nothing; say whether it was the last open answer of the wave.

    Raises OfferNotYours, or OfferExpired where the offer is not open any more.
    """
    offer = _own_offer(job_id, friend_id)
    # The job's row orders two last declines of one wave: the second one sees that nobody is left.
    job = Job.objects.select_for_update().get(pk=job_id)
    declined = Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN).update(
        state=OfferState.DECLINED, answered_at=now, decline_reason=reason, decline_note=note
    )
    if not declined:
        raise OfferExpired
    _log(job, "declined", now, friend_id, reason=reason, note=note)
    return job.state == JobState.SEARCHING and not job.offers.filter(state=OfferState.OPEN).exists()


@transaction.atomic
def note_contact(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Stop the contact clock; its deadlines find that out when they are due.

    Raises IllegalJobMove unless the friend has the job.
    """
    job = _own_job(job_id, friend_id)
    if job.contacted_at is None:
        job.contacted_at = now
        job.save(update_fields=["contacted_at"])
        _log(job, "contacted", now, friend_id)
    return job


@transaction.atomic
def close_job(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Record that the friend has done the work; the customer has three days to object.

    Raises IllegalJobMove unless the friend has the job.
    """
    job = _own_job(job_id, friend_id)
    move_job(job, JobState.DONE, now=now, closed_at=now)
    free_slot(friend_id)
    add_deadline(job, DeadlineKind.CONFIRM_ANYWAY, due_at=now + CONFIRM_AFTER)
    _log(job, "closed", now, friend_id)
    return job


@transaction.atomic
def cancel_job(*, job_id: UUID, now: datetime, why: str = "") -> Job:
    """End a job that is not done; open offers are withdrawn, and the friend who had it is free again.

    Raises IllegalJobMove where it is done or cancelled.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    had = job.friend_id if job.state == JobState.ASSIGNED else None
    move_job(job, JobState.CANCELLED, now=now, closed_at=now)
    job.offers.filter(state=OfferState.OPEN).update(state=OfferState.WITHDRAWN, answered_at=now)
    if had:
        free_slot(had)
    _log(job, "cancelled", now, why=why)
    return job


@transaction.atomic
def search_again(*, job_id: UUID, now: datetime) -> Job:
    """Let an unfilled job search once more, beginning with the first wave; nobody is asked twice.

    Raises IllegalJobMove unless it is unfilled.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.UNFILLED:
        raise IllegalJobMove
    Deadline.objects.filter(job=job, kind=DeadlineKind.WAVE_ENDS).delete()
    move_job(job, JobState.SEARCHING, now=now, wave=0)
    _log(job, "search_again", now)
    return job


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
    Deadline.objects.bulk_create([Deadline(job=job, kind=kind, wave=wave, due_at=due_at)], ignore_conflicts=True)


def claim_due_deadline(*, now: datetime) -> Deadline | None:
    """Lock and mark the oldest due deadline; act on it in the same transaction. None where nothing is due."""
    deadline = (
        Deadline.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("job")
        .filter(done_at=None, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if deadline is not None:
        deadline.done_at = now
        deadline.save(update_fields=["done_at"])
    return deadline


def postpone_deadline(*, deadline_id: int, until: datetime) -> None:
    """Let a deadline that could not be acted on come up again; one that somebody has acted on stays done."""
    Deadline.objects.filter(pk=deadline_id, done_at=None).update(due_at=until)


def _offer_to(job: Job, found: Iterable[Any], now: datetime) -> WaveResult:
    """Write the offers of a wave and its end."""
    expires_at = now + timedelta(minutes=job.rules["wave_minutes"])
    offers = Offer.objects.bulk_create(
        [
            Offer(
                job=job,
                friend_id=nearby.friend_id,
                wave=job.wave,
                community=job.community,
                distance_m=nearby.distance_m,
                created_at=now,
                expires_at=expires_at,
            )
            for nearby in found
        ]
    )
    job.save(update_fields=["wave"])
    note_offers([offer.friend_id for offer in offers], now=now)
    add_deadline(job, DeadlineKind.WAVE_ENDS, due_at=expires_at, wave=job.wave)
    _log(job, "wave_opened", now, wave=job.wave, community=job.community, offers=len(offers))
    return WaveResult(job, offers)


def _end_search(job: Job, now: datetime) -> None:
    move_job(job, JobState.UNFILLED, now=now, wave=job.wave)
    _log(job, "nobody_found", now, wave=job.wave)


def _own_offer(job_id: UUID, friend_id: UUID) -> Offer:
    offer = offer_of(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    return offer


def _own_job(job_id: UUID, friend_id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id, friend_id=friend_id).first()
    if job is None or job.state != JobState.ASSIGNED:
        raise IllegalJobMove
    return job


def _why_not(job_id: UUID, friend_id: UUID) -> OfferAlreadyTaken | OfferExpired:
    """Explain a lost claim from what the database says now."""
    job = Job.objects.get(pk=job_id)
    if job.friend_id is not None and job.friend_id != friend_id:
        return OfferAlreadyTaken()
    return OfferExpired()


def _start_contact_clock(job: Job, now: datetime) -> None:
    hours = timedelta(hours=job.rules["contact_hours"])
    for kind, (part, whole) in REMINDER_PARTS.items():
        add_deadline(job, kind, due_at=now + hours * part / whole)
    add_deadline(job, DeadlineKind.CONTACT_OVERDUE, due_at=now + hours)


def _log(job: Job, kind: str, now: datetime, friend_id: UUID | None = None, **detail: Any) -> None:
    JobEvent.objects.create(job=job, at=now, kind=kind, friend_id=friend_id, detail=detail)
