"""Writes about jobs and offers. Who is first is decided by one conditional UPDATE; see ``accept_offer``.

Locks are taken in one order, so that nobody waits in a circle: friend (only by an accept), job, offers. Nobody waits
for a deadline that the sweeper holds: one that has become pointless, or whose moment has moved, finds that out when it
is due.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from crowd.eligibility import Wanted
from crowd.models import SHARED_CROWD
from crowd.selectors import considered_candidates, pros_are_enabled
from crowd.services import free_slot, note_first_job, note_offers, take_slot
from dispatch.briefs import JobBrief
from dispatch.errors import IllegalJobMove, OfferAlreadyTaken, OfferExpired, OfferWithdrawn
from dispatch.gate import cross, gate_opens_at, keep_promise, open_contracts, stay_home
from dispatch.models import Considered, Crossing, Deadline, Job, JobEvent, Offer, OverflowContract, Wave
from dispatch.moves import add_deadline, add_deadlines, await_opening, log_job, move_job, own_job, own_offer
from dispatch.seats import NEWCOMERS_LOOKED_AT, VERSION, Verdict, give_seats
from dispatch.selectors import time_zone_of, wanted_by
from dispatch.states import LIVE_OFFERS, DeadlineKind, JobState, OfferState, Seat
from dispatch.terms import WIDER_TIMES, Terms
from kernel.database.logged import update_and_log
from tenants.models import LastResort

# Fractions of the partner's contact time at which the friend is reminded: 8 and 11 of 12 hours (R15).
REMINDER_PARTS = {DeadlineKind.CONTACT_REMINDER: (8, 12), DeadlineKind.CONTACT_LAST_CALL: (11, 12)}
CONFIRM_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class WaveResult:
    """What opening a wave led to: the new offers, or none where nobody is left to ask or the quiet hours last.

    ``crossing`` is that of a wave outside the own community where this wave made it, and None where the job had passed
    that gate before; ``waits_until`` is set in the quiet hours.
    ``waits_for_choice`` says that nobody is left to ask, but the customer may still choose one of the other times.
    """

    job: Job
    offers: list[Offer]
    crossing: Crossing | None = None
    waits_until: datetime | None = None
    waits_for_choice: bool = False

    @property
    def found_nobody(self) -> bool:
        """Say whether the search has ended without a friend."""
        return self.job.state == JobState.UNFILLED


@transaction.atomic
def open_job(brief: JobBrief, *, now: datetime) -> Job:
    """Write a job that searches; ``open_next_wave`` then asks the first friends, in the same transaction."""
    job = Job.objects.create(created_at=now, **brief.columns())
    log_job(job, "opened", now)
    return job


def open_job_that_waits(brief: JobBrief, *, now: datetime) -> Job:
    """Write a job for which nobody is asked before the customer has chosen other times. In the caller's transaction."""
    job = open_job(brief, now=now)
    move_job(job, JobState.UNFILLED, now=now)
    log_job(job, "waits_for_times", now)
    return job


def open_job_and_ask(brief: JobBrief, *, now: datetime) -> WaveResult:
    """Write a job and ask its first friends: ``open_job`` and ``open_next_wave`` with each row written once.

    In the caller's transaction. Nobody else knows the job yet, so it needs no lock, and nothing of earlier waves is
    looked for.
    """
    job = Job(created_at=now, **brief.columns())
    opened, terms = JobEvent(job=job, at=now, kind="opened"), job.terms
    opens_at = terms.opens_at(now, time_zone_of(job))
    is_quiet = opens_at > now
    seated = _look_for(job, job.tenant_id, terms, [], now) if terms.own_waves and not is_quiet else []
    if seated:
        job.save(force_insert=True)
        return _offer_to(job, seated, (None, False), now, before=opened)
    job.community = SHARED_CROWD
    job.save(force_insert=True)
    opened.save(force_insert=True)
    return _wait_until(job, opens_at) if is_quiet else _ask_elsewhere(job, terms, [], Counter(), now)


@transaction.atomic
def open_next_wave(*, job_id: UUID, now: datetime, after_wave: int) -> WaveResult | None:
    """Offer the job to the next nearest eligible friends, four by default, or end the search.

    First the own community is asked, then whom the contracts on overflow allow. Waves that would reach nobody are
    skipped. In the partner's quiet hours the wave waits for their end, and where all others are done, for the hours of
    a contract. Returns None where there is nothing to do: the job no longer searches, or another process has already
    left wave ``after_wave``.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.SEARCHING or job.wave != after_wave:
        return None
    _end_wave(job, now)
    terms = job.terms
    opens_at = terms.opens_at(now, time_zone_of(job))
    if opens_at > now:
        return _wait_until(job, opens_at)
    asked = list(job.offers.filter(wants_again=False).values_list("friend_id", flat=True))
    had = _waves_had(job)
    if had[job.tenant_id] < terms.own_waves and (seated := _look_for(job, job.tenant_id, terms, asked, now)):
        stay_home(job)
        return _offer_to(job, seated, (None, False), now)
    return _ask_elsewhere(job, terms, asked, had, now)


def _ask_elsewhere(job: Job, terms: Terms, asked: Collection[UUID], had: Counter[int], now: datetime) -> WaveResult:
    """Offer the job where the contracts on overflow allow it, or wait for their hours, or end the search.

    Contracts are read, and by that held, only here: once the own community is done. ``had`` counts the waves of each
    community before this one.
    """
    for contract in open_contracts(job, now=now):
        if had[contract.community] < terms.crowd_waves:
            seated = _look_for(job, contract.community, terms, asked, now)
            if seated:
                return _offer_to(job, seated, cross(job=job, contract=contract, now=now), now)
    gate_at = gate_opens_at(job, had=_waves_had(job), now=now)
    if gate_at is not None:
        return _wait_until(job, gate_at)
    if terms.last_resort == LastResort.WIDER and not _has_looked_wider(job):
        return _look_wider(job, terms, asked, now)
    return _find_nobody(job, now)


def _wait_until(job: Job, opens_at: datetime) -> WaveResult:
    """Let the next wave open later: when the partner's quiet hours are over, or a contract's hours begin."""
    job.save(update_fields=["wave", "clock_rests_since", "rested_s"])
    await_opening(job, opens_at=opens_at)
    return WaveResult(job, [], waits_until=opens_at)


def _waves_had(job: Job) -> Counter[int]:
    """Count the waves of this search by community."""
    return Counter(job.waves.filter(search=job.search).values_list("community", flat=True))


def _end_wave(job: Job, now: datetime) -> None:
    expired = job.offers.filter(state=OfferState.OPEN).update(state=OfferState.EXPIRED, answered_at=now)
    job.clock_rests_since, job.rested_s = None, 0
    if expired:
        log_job(job, "wave_ended", now, wave=job.wave, unanswered=expired)


def _pass_gate(job: Job, contract: OverflowContract | None, now: datetime) -> tuple[Crossing | None, bool]:
    """Let the job cross by a contract, and say whether that is new; without one it stays in its own community."""
    if contract is not None:
        return cross(job=job, contract=contract, now=now)
    stay_home(job)
    return None, False


def _look_for(
    job: Job, community: int, terms: Terms, asked: Collection[UUID], now: datetime, *, wider: int = 1
) -> list[Verdict]:
    """Give the seats of a wave in a community by the rule, keep why, and return those who got one."""
    wanted = wanted_by(job, now=now)
    wanted = replace(wanted, reach_m=wanted.reach_m * wider)
    if wanted.needs_pro and not pros_are_enabled(job.country):
        return []
    considered = considered_candidates(
        wanted,
        community=community,
        count=terms.wave_size,
        newcomers=NEWCOMERS_LOOKED_AT if terms.newcomer_seat else 0,
        now=now,
        exclude=asked,
    )
    verdicts = give_seats(considered, wanted=wanted, rule=terms.rule, now=now)
    job.wave, job.community = job.wave + 1, community
    _keep_why(job, verdicts, wanted, terms, now)
    return [verdict for verdict in verdicts if verdict.seat]


def _has_looked_wider(job: Job) -> bool:
    return job.events.filter(kind="looked_wider", detail__search=job.search).exists()


def _look_wider(job: Job, terms: Terms, asked: Collection[UUID], now: datetime) -> WaveResult:
    """Ask one more wave twice as far away: in the own community, or in the first other one where somebody is."""
    log_job(job, "looked_wider", now, search=job.search)
    own: list[tuple[int, OverflowContract | None]] = [(job.tenant_id, None)] if terms.own_waves else []
    contracts = open_contracts(job, now=now) if terms.crowd_waves else []
    for community, contract in own + [(contract.community, contract) for contract in contracts]:
        seated = _look_for(job, community, terms, asked, now, wider=WIDER_TIMES)
        if seated:
            return _offer_to(job, seated, _pass_gate(job, contract, now), now)
    return _find_nobody(job, now)


def _keep_why(job: Job, verdicts: list[Verdict], wanted: Wanted, terms: Terms, now: datetime) -> None:
    """Write down what led to a wave, so that it can be told and replayed."""
    wave = Wave.objects.create(
        job=job,
        search=job.search,
        number=job.wave,
        community=job.community,
        opened_at=now,
        rule_version=VERSION,
        rule=terms.rule.to_json(),
        wanted=wanted.to_json(),
    )
    Considered.objects.bulk_create(
        [
            Considered(
                wave=wave,
                friend_id=verdict.facts.friend_id,
                distance_m=verdict.facts.distance_m,
                facts=verdict.facts.to_json(),
                left_out=list(verdict.left_out),
                seat=verdict.seat or "",
            )
            for verdict in verdicts
        ]
    )


def accept_offer(*, job_id: UUID, friend_id: UUID, now: datetime) -> tuple[Offer, bool]:
    """Give the job to the friend if nobody was faster; return the offer, and whether that is new or was so already.

    In the caller's transaction. Exactly one of any number of rivals succeeds (R14).

    Raises OfferNotYours, OfferAlreadyTaken, OfferExpired, or TooManyOpenJobs of the crowd.
    """
    offer = own_offer(job_id, friend_id)
    if offer.state == OfferState.ACCEPTED:
        return offer, False
    # Everybody locks friend before job, so no two accepts wait for each other.
    take_slot(friend_id)
    live = Offer.objects.filter(job_id=job_id, friend_id=friend_id, state__in=LIVE_OFFERS, expires_at__gt=now)
    job = claim_job(Job.objects.filter(pk=job_id, pk__in=live.values("job_id")), offer, now)
    if job is None:
        raise _why_not(job_id, friend_id)
    return offer, True


def claim_job(found: QuerySet[Job], offer: Offer, now: datetime) -> Job | None:
    """Give the job that is found to the friend of an offer if it is still free, and return it; None where it is not.

    The other offers of the job are closed, and the friend's contact clock starts.
    """
    # The filter is the lock: of two UPDATEs only one still finds the job searching.
    job = update_and_log(
        found.filter(state=JobState.SEARCHING),
        [JobEvent(at=now, kind="accepted", friend_id=offer.friend_id), *_contact_clock(offer.job, now)],
        about="job",
        state=JobState.ASSIGNED,
        friend_id=offer.friend_id,
        accepted_at=now,
    )
    if job is None:
        return None
    is_won = Q(pk=offer.pk)
    job.offers.filter(is_won | Q(state__in=LIVE_OFFERS)).update(
        state=Case(When(is_won, then=Value(OfferState.ACCEPTED)), default=Value(OfferState.TAKEN)), answered_at=now
    )
    keep_promise(job, offer)
    if offer.friend.first_job_at is None:
        note_first_job(offer.friend_id, now=now)
    offer.job = job
    return job


@transaction.atomic
def decline_offer(*, job_id: UUID, friend_id: UUID, reason: str, note: str = "", now: datetime) -> bool:
    """Record a no, which costs the friend nothing; say whether it was the last open answer of the wave.

    Raises OfferNotYours, or OfferExpired where the offer is not open any more.
    """
    offer = own_offer(job_id, friend_id)
    # The job's row orders two last declines of one wave: the second one sees that nobody is left.
    job = Job.objects.select_for_update().get(pk=job_id)
    declined = Offer.objects.filter(pk=offer.pk, state__in=LIVE_OFFERS).update(
        state=OfferState.DECLINED, answered_at=now, decline_reason=reason, decline_note=note
    )
    if not declined:
        raise OfferExpired
    log_job(job, "declined", now, friend_id, reason=reason, note=note)
    return all_have_answered(job)


def all_have_answered(job: Job) -> bool:
    """Say whether the locked job searches and nobody is being asked, so that the next may be."""
    return job.state == JobState.SEARCHING and not job.offers.filter(state=OfferState.OPEN).exists()


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
        [JobEvent(at=now, kind="closed", friend_id=friend_id), *_deadlines(due)],
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


@transaction.atomic
def search_again(*, job_id: UUID, now: datetime, why: str = "") -> Job:
    """Let a job search once more, beginning with the first wave; nobody is asked twice.

    It was unfilled, or a friend had it and has it no more. Raises IllegalJobMove where it searches, is done or
    cancelled.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    had = job.friend_id if job.state == JobState.ASSIGNED else None
    move_job(
        job,
        JobState.SEARCHING,
        now=now,
        wave=0,
        search=job.search + 1,
        friend_id=None,
        accepted_at=None,
        contacted_at=None,
    )
    job.offers.filter(state__in=[*LIVE_OFFERS, OfferState.ACCEPTED]).update(state=OfferState.WITHDRAWN, answered_at=now)
    if had:
        free_slot(had)
    log_job(job, "search_again", now, had, why=why)
    return job


def lock_due_deadlines(*, now: datetime, most: int) -> list[Deadline]:
    """Lock the oldest due deadlines (1 query); act on them, and mark them as done, in the same transaction.

    Their jobs are locked too, so that what a deadline finds of its job stays true; a job in other hands is left for
    later.
    """
    due = (
        Deadline.objects.select_for_update(skip_locked=True, of=("self", "job"), no_key=True)
        .select_related("job")
        .filter(done_at=None, due_at__lte=now)
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


def _offer_to(
    job: Job,
    seated: Iterable[Verdict],
    passed: tuple[Crossing | None, bool],
    now: datetime,
    *,
    before: JobEvent | None = None,
) -> WaveResult:
    """Write the offers of a wave, which carry the crossing by which it ``passed`` the gate, and its end.

    ``before`` is the line of a job that has just been written, which has nothing but that line to be written yet.
    """
    crossing, has_just_crossed = passed
    expires_at = job.terms.wave_ends_at(now, time_zone_of(job))
    offers = Offer.objects.bulk_create(
        [
            Offer(
                job=job,
                friend_id=verdict.facts.friend_id,
                search=job.search,
                wave=job.wave,
                community=job.community,
                crossing=crossing,
                seat=verdict.seat or Seat.NEAR,
                distance_m=verdict.facts.distance_m,
                created_at=now,
                expires_at=expires_at,
            )
            for verdict in seated
        ]
    )
    if before is None:
        job.save(update_fields=["wave", "community", "clock_rests_since", "rested_s"])
    note_offers([offer.friend_id for offer in offers], now=now)
    add_deadline(job, DeadlineKind.WAVE_ENDS, due_at=expires_at, wave=job.wave)
    detail = {"wave": job.wave, "community": job.community, "offers": len(offers)}
    opened = JobEvent(job=job, at=now, kind="wave_opened", detail=detail)
    JobEvent.objects.bulk_create([opened] if before is None else [before, opened])
    return WaveResult(job, offers, crossing if has_just_crossed else None)


def _find_nobody(job: Job, now: datetime) -> WaveResult:
    """End the search, unless somebody has proposed other times: then the customer has the word until they lapse."""
    if job.offers.filter(state=OfferState.COUNTERED, expires_at__gt=now).exists():
        job.save(update_fields=["wave", "clock_rests_since", "rested_s"])
        log_job(job, "waits_for_choice", now, wave=job.wave)
        return WaveResult(job, [], waits_for_choice=True)
    move_job(job, JobState.UNFILLED, now=now, wave=job.wave)
    log_job(job, "nobody_found", now, wave=job.wave)
    return WaveResult(job, [])


def _why_not(job_id: UUID, friend_id: UUID) -> OfferAlreadyTaken | OfferExpired:
    """Explain a lost claim from what the database says now."""
    job = Job.objects.get(pk=job_id)
    if job.state == JobState.CANCELLED or own_offer(job_id, friend_id).state == OfferState.WITHDRAWN:
        return OfferWithdrawn()
    if job.friend_id is not None and job.friend_id != friend_id:
        return OfferAlreadyTaken()
    return OfferExpired()


def _contact_clock(job: Job, now: datetime) -> list[Deadline]:
    """Return the deadlines of a job that is just being given to somebody, of the search that it is in by then."""
    hours = timedelta(hours=job.terms.contact_hours)
    due = {kind: now + hours * part / whole for kind, (part, whole) in REMINDER_PARTS.items()}
    return _deadlines({**due, DeadlineKind.CONTACT_OVERDUE: now + hours})


def _deadlines(due: Mapping[DeadlineKind, datetime]) -> list[Deadline]:
    """Return deadlines by kind, for a job that is just being moved, of the search that it is in by then."""
    return [Deadline(kind=kind, search=F("search"), due_at=due_at) for kind, due_at in due.items()]
