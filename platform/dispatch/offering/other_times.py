"""A friend would take the job at other times (R18); the customer picks one, unless somebody takes the wished time.

A countered offer outlives its wave. It lapses after a day, or with the last of its times. Pick and accept go for the
same row, the job, so one of them wins; locks are taken in the order of ``dispatch.offering.waves``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import pgettext

from crowd.services import take_slot
from dispatch.errors import (
    OfferAlreadyTaken,
    OfferExpired,
    TakenMeanwhile,
    TimesNotOpen,
    UnableToProposeTimes,
)
from dispatch.models import Deadline, Job, Offer, ProposedTime
from dispatch.moves import log_job, own_offer
from dispatch.offering.answers import all_have_answered, claim_job
from dispatch.states import LIVE_OFFERS, DeadlineKind, JobState, OfferState
from kernel.database.written_once import written_once

MOST_TIMES = 3
LAPSES_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Lapsed:
    """Whose times have lapsed, when the next ones do, and whether nobody is being asked any more."""

    friend_ids: list[UUID]
    next_at: datetime | None
    all_have_answered: bool


def fault_of_times(times: Sequence[datetime], *, now: datetime) -> dict[int, str]:
    """Say what is wrong with up to three proposed times, by their place from 1."""
    faults: dict[int, str] = {}
    if not times:
        faults[1] = pgettext("friend", "Please enter a date and a time.")
    for place, starts_at in enumerate(times, start=1):
        if place > MOST_TIMES:
            faults[MOST_TIMES] = pgettext("friend", "Three times at most.")
        elif starts_at <= now:
            faults[place] = pgettext("friend", "Please choose a time in the future.")
        elif starts_at in times[: place - 1]:
            faults[place] = pgettext("friend", "This time is there twice.")
    return faults


@transaction.atomic
def propose_times(*, job_id: UUID, friend_id: UUID, times: Sequence[datetime], note: str, now: datetime) -> bool:
    """Offer to take the job at up to three other times; later ones replace them. ``note`` is masked already.

    Says whether all friends of the wave have answered now. Raises OfferNotYours, OfferExpired, OfferAlreadyTaken or
    UnableToProposeTimes.
    """
    own_offer(job_id, friend_id)
    job = Job.objects.select_for_update().get(pk=job_id)
    # Read again behind the lock: the wave may have ended while we waited.
    offer = own_offer(job_id, friend_id)
    if job.state != JobState.SEARCHING:
        raise OfferExpired if job.friend_id is None else OfferAlreadyTaken
    if offer.state not in LIVE_OFFERS or offer.expires_at <= now:
        raise OfferExpired
    if faults := fault_of_times(times, now=now):
        raise UnableToProposeTimes(faults)
    was_open = offer.state == OfferState.OPEN
    offer.state, offer.answered_at, offer.counter_note = OfferState.COUNTERED, now, note
    offer.expires_at = min(now + LAPSES_AFTER, max(times))
    offer.save(update_fields=["state", "answered_at", "counter_note", "expires_at"])
    offer.times.all().delete()
    ProposedTime.objects.bulk_create(
        [ProposedTime(offer=offer, place=place, starts_at=at) for place, at in enumerate(times, start=1)]
    )
    _watch(job)
    log_job(job, "proposed_times", now, friend_id, times=[at.isoformat() for at in times])
    return was_open and all_have_answered(job)


@transaction.atomic
def withdraw_times(*, job_id: UUID, friend_id: UUID, now: datetime) -> bool:
    """Take proposed times back, which costs the friend nothing; say whether all friends have answered.

    Raises OfferNotYours, or OfferExpired where they are not open any more.
    """
    own_offer(job_id, friend_id)
    job = Job.objects.select_for_update().get(pk=job_id)
    offer = own_offer(job_id, friend_id)
    if offer.state != OfferState.COUNTERED:
        raise OfferExpired
    _end([offer], OfferState.DECLINED, now)
    log_job(job, "withdrew_times", now, friend_id)
    return all_have_answered(job)


def pick_time(*, job_id: UUID, time_id: int, now: datetime) -> tuple[Job, ProposedTime]:
    """Give the job to the friend who proposed the time, on the customer's word, if it is still free.

    Raises TimesNotOpen, TakenMeanwhile, or TooManyOpenJobs of the crowd.
    """
    proposed = _proposed(job_id, time_id)
    with transaction.atomic():
        # Everybody locks friend before job, so pick and accept do not wait for each other.
        take_slot(proposed.offer.friend_id)
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.state != JobState.SEARCHING:
            raise TakenMeanwhile if job.friend_id else TimesNotOpen
        # Read again behind the lock: the friend may have taken it back or replaced it while we waited.
        proposed = _proposed(job_id, time_id)
        offer = proposed.offer
        if offer.state != OfferState.COUNTERED or offer.expires_at <= now or proposed.starts_at <= now:
            raise TimesNotOpen
        claimed = claim_job(Job.objects.filter(pk=job_id), offer, now)
        if claimed is None:
            raise TakenMeanwhile
        job = claimed
        log_job(job, "time_picked", now, offer.friend_id, starts_at=proposed.starts_at.isoformat())
    return job, proposed


@transaction.atomic
def take_back_times(*, job_id: UUID, time_id: int, now: datetime) -> tuple[UUID, bool]:
    """Take back the times of a friend who has no room for another job; say who it is and whether all have answered.

    Raises TimesNotOpen.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    offer = _proposed(job_id, time_id).offer
    if offer.state != OfferState.COUNTERED:
        raise TimesNotOpen
    _end([offer], OfferState.WITHDRAWN, now)
    log_job(job, "no_room", now, offer.friend_id)
    return offer.friend_id, all_have_answered(job)


@transaction.atomic
def decline_times(*, job_id: UUID, now: datetime) -> tuple[list[UUID], bool]:
    """Turn down all proposed times on the customer's word; say whose they were and whether all have answered.

    Raises TimesNotOpen where there are none.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    offers = list(_countered(job))
    if job.state != JobState.SEARCHING or not offers:
        raise TimesNotOpen
    _end(offers, OfferState.WITHDRAWN, now)
    log_job(job, "declined_times", now)
    return [offer.friend_id for offer in offers], all_have_answered(job)


@transaction.atomic
def lapse_times(*, job_id: UUID, now: datetime) -> Lapsed:
    """End the proposals whose moment has come."""
    job = Job.objects.select_for_update().get(pk=job_id)
    offers = list(_countered(job))
    due = [offer for offer in offers if offer.expires_at <= now]
    _end(due, OfferState.EXPIRED, now)
    if due:
        log_job(job, "times_lapsed", now, proposals=len(due))
    return Lapsed(
        friend_ids=[offer.friend_id for offer in due],
        next_at=min((offer.expires_at for offer in offers if offer not in due), default=None),
        all_have_answered=bool(due) and all_have_answered(job),
    )


def open_proposals(job_id: UUID, *, now: datetime) -> list[Offer]:
    """Return what the customer can choose from, the earliest first, with friend and the times ahead (2 queries)."""
    offers = (
        Offer.objects.filter(
            job_id=job_id, job__state=JobState.SEARCHING, state=OfferState.COUNTERED, expires_at__gt=now
        )
        .select_related("friend")
        .prefetch_related(Prefetch("times", _times(now), to_attr="times_ahead"))
    )
    found = [offer for offer in offers.order_by("distance_m", "id") if offer.times_ahead]  # type: ignore[attr-defined]
    return sorted(found, key=lambda offer: offer.times_ahead[0].starts_at)  # type: ignore[attr-defined]  # prefetched


def times_of(offer: Offer) -> list[datetime]:
    """Return the times that were proposed with an offer, as the friend ordered them (1 query)."""
    return list(offer.times.order_by("place").values_list("starts_at", flat=True))


def taken_from(job: Job) -> list[UUID]:
    """Return the friends whose proposed times ended when the job was given to somebody."""
    return [] if job.accepted_at is None else _taken_at(job.pk, job.accepted_at)


@written_once
def _taken_at(job_id: UUID, accepted_at: datetime) -> QuerySet[Offer, UUID]:
    ended = Offer.objects.filter(job=job_id, state=OfferState.TAKEN, answered_at=accepted_at, times__place=1)
    return ended.order_by("id").values_list("friend_id", flat=True)


def _times(now: datetime) -> QuerySet[ProposedTime]:
    return ProposedTime.objects.filter(starts_at__gt=now).order_by("starts_at")


def _countered(job: Job) -> QuerySet[Offer]:
    return job.offers.filter(state=OfferState.COUNTERED).order_by("id")


def _proposed(job_id: UUID, time_id: int) -> ProposedTime:
    proposed = ProposedTime.objects.select_related("offer").filter(pk=time_id, offer__job_id=job_id).first()
    if proposed is None:
        raise TimesNotOpen
    return proposed


def _end(offers: Sequence[Offer], state: str, now: datetime) -> None:
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(state=state, answered_at=now)


def _watch(job: Job) -> None:
    """Let the job's one deadline for proposals come up when the first of them lapses.

    Where the sweeper holds it at this moment, it looks for the next one itself, behind the job's lock.
    """
    due_at = min(_countered(job).values_list("expires_at", flat=True))
    Deadline.objects.bulk_create(
        [Deadline(job=job, kind=DeadlineKind.TIMES_LAPSE, search=job.search, due_at=due_at)], ignore_conflicts=True
    )
    own = Deadline.objects.filter(job=job, kind=DeadlineKind.TIMES_LAPSE, search=job.search)
    free = own.select_for_update(skip_locked=True).values("pk")
    Deadline.objects.filter(pk__in=free).update(due_at=due_at, done_at=None)
