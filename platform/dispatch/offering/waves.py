"""A job searches: waves are opened in the own community, then beyond, until somebody accepts or nobody is left.

Locks are taken in one order, so that nobody waits in a circle: friend (only by an accept), job, offers. Nobody waits
for a deadline that the sweeper holds: one that has become pointless, or whose moment has moved, finds that out when it
is due.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.eligibility import Wanted
from crowd.models import SHARED_CROWD
from crowd.selectors import considered_candidates, pros_are_enabled
from crowd.services import free_slot, note_offers
from dispatch.briefs import JobBrief
from dispatch.models import Considered, Crossing, Job, JobEvent, Offer, OverflowContract, Wave
from dispatch.moves import add_deadline, await_opening, log_job, move_job
from dispatch.offering.seats import NEWCOMERS_LOOKED_AT, VERSION, Verdict, give_seats
from dispatch.overflow.gate import cross, gate_opens_at, open_contracts, stay_home
from dispatch.selectors import time_zone_of, wanted_by
from dispatch.states import LIVE_OFFERS, DeadlineKind, JobState, OfferState, Seat
from dispatch.terms import WIDER_TIMES, Terms
from tenants.models import LastResort


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
