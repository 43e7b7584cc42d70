"""Why no job? The demand around a friend, how near they were among others, and what would have brought offers (R25)."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from crowd.eligibility import Facts, LeftOut, Wanted, reasons_against
from crowd.models import SHARED_CROWD
from kernel.geo import arc_m, box_around, chord_m
from kernel.slots import Part

LOOK_BACK = timedelta(days=90)
RINGS_KM = (5, 10, 20, 50)
# The latest jobs count; a friend in a large town need not wait for all of them to be looked at.
MOST_JOBS = 2_000
RANKED = 60
# Demand is told to strangers in steps of so many jobs.
FEWEST_TOLD = 5
# Whoever stands behind so many others is told so and no more.
LAST_RANK = 100
# Nobody wants anything in a sandbox.
REAL = "NOT EXISTS (SELECT 1 FROM public.tenants_tenant t WHERE t.id = j.tenant_id AND t.sandbox_of_id IS NOT NULL)"
KINDS_OF_TIME: dict[int, str] = {Part.MORNING: "mornings", Part.AFTERNOON: "afternoons", Part.EVENING: "evenings"}
RADII_M = (5_000, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000)


@dataclass(frozen=True)
class NearbyJob:
    """A job of the last 90 days around a friend, with what it asked for."""

    id: UUID
    tenant_id: int
    tenant_name: str
    created_at: datetime
    chord_m: float
    wanted: Wanted
    asked_communities: frozenset[int]
    was_offered: bool

    @property
    def skill_id(self) -> int:
        """The skill that the search went by."""
        return self.wanted.skills[0][0]


@dataclass(frozen=True)
class SkillDemand:
    """How many jobs asked for a skill within 5, 10, 20 and 50 km, and the friend's usual place among those nearby.

    ``rank`` is the median over the latest jobs, 1 being the nearest; None where the friend lacks the skill.
    """

    skill_id: int
    within: tuple[int, ...]
    rank: int | None


@dataclass(frozen=True)
class Change:
    """One change that alone would have brought offers: of which kind, to what, and for how many jobs."""

    kind: str
    about: Any
    jobs: int


@dataclass(frozen=True)
class Outlook:
    """What a friend reads on the page "Why no job?"."""

    jobs: int
    offered: int
    nearer_others: int
    demand: list[SkillDemand]
    changes: list[Change]

    @property
    def fits_all(self) -> bool:
        """Say whether nothing but other friends stood between the friend and any of the jobs."""
        return self.offered + self.nearer_others >= self.jobs


@dataclass(frozen=True)
class Prospects:
    """What somebody can expect around a place: at least so many jobs, and what friends got for the middle half of them.

    Amounts are in minor units of the currency.
    """

    jobs: int
    low_minor: int
    high_minor: int
    currency: str


def outlook(facts: Facts, *, position: str, communities: Collection[int], now: datetime) -> Outlook:
    """Look at the jobs of the last 90 days within 50 km of a friend, as they are today (2 queries)."""
    jobs = _jobs_near(facts.friend_id, position, now)
    mine = {skill for skill, _grade in facts.skills}
    ranks = _ranks(jobs, facts.friend_id, position, communities, mine)
    return Outlook(
        jobs=len(jobs),
        offered=sum(job.was_offered for job in jobs),
        nearer_others=sum(not job.was_offered and not _against(job, facts, communities) for job in jobs),
        demand=_demand(jobs, ranks),
        changes=_changes(jobs, facts, communities),
    )


def prospects_near(position: str, *, currency: str, reach_m: int, now: datetime) -> Prospects | None:
    """Return what was asked for around a place in the last 90 days, or None where too little was (1 query).

    For anybody to read: a few jobs are not told, so that nobody's order can be made out of it.
    """
    south, north, west, east = box_around(position, reach_m)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*), percentile_disc(0.25) WITHIN GROUP (ORDER BY friend_minor),
                   percentile_disc(0.75) WITHIN GROUP (ORDER BY friend_minor)
              FROM (SELECT j.friend_minor
                      FROM public.places_postalcode p
                      JOIN public.dispatch_job j ON j.country = p.country AND j.postal_code = p.code
                     WHERE p.latitude BETWEEN %(south)s AND %(north)s AND p.longitude BETWEEN %(west)s AND %(east)s
                       AND (j.position <-> %(here)s::cube) <= %(reach)s
                       AND j.created_at > %(since)s AND j.currency = %(currency)s AND {REAL}
                     ORDER BY j.created_at DESC, j.id
                     LIMIT %(most)s) near
            """,
            {
                "here": position,
                "south": south,
                "north": north,
                "west": west,
                "east": east,
                "reach": chord_m(reach_m),
                "since": now - LOOK_BACK,
                "currency": currency,
                "most": MOST_JOBS,
            },
        )
        count, low, high = cursor.fetchone()
    jobs = count // FEWEST_TOLD * FEWEST_TOLD
    return Prospects(jobs, low, high, currency) if jobs else None


def _against(job: NearbyJob, facts: Facts, communities: Collection[int]) -> list[tuple[str, Any]]:
    """Return every obstacle between the friend and the job as (kind, what would lift it)."""
    against: list[tuple[str, Any]] = []
    for reason in reasons_against(facts.but(chord_m=job.chord_m), job.wanted, now=job.created_at):
        against += [(str(reason), what) for what in _what_would_help(reason, job, facts)]
    if job.asked_communities and not job.asked_communities.intersection(communities):
        against.append(("community", min(job.asked_communities - {SHARED_CROWD}, default=SHARED_CROWD)))
    return against


def _what_would_help(reason: LeftOut, job: NearbyJob, facts: Facts) -> list[Any]:
    if reason == LeftOut.SKILL:
        held = dict(facts.skills)
        return [(skill, grade) for skill, grade in job.wanted.skills if held.get(skill, -1) < grade]
    if reason == LeftOut.RADIUS:
        return [next((radius for radius in RADII_M if radius >= arc_m(job.chord_m)), RADII_M[-1])]
    if reason == LeftOut.NOT_FREE:
        return [_kind_of_time(job.wanted.windows)]
    if reason == LeftOut.LANGUAGE:
        return [job.wanted.languages[0]]
    return [""]


def _kind_of_time(windows: Iterable[tuple[date, int]]) -> str:
    """Return the commonest kind of wished time: evenings, weekends, mornings or afternoons."""
    kinds = Counter("weekends" if day.weekday() >= 5 else KINDS_OF_TIME[part] for day, part in windows)
    return min(kinds, key=lambda kind: (-kinds[kind], kind))


def _changes(jobs: Iterable[NearbyJob], facts: Facts, communities: Collection[int]) -> list[Change]:
    """Return the changes that alone would have lifted every obstacle, the most helpful first."""
    helped: Counter[tuple[str, Any]] = Counter()
    for job in jobs:
        against = _against(job, facts, communities)
        if not job.was_offered and len(against) == 1 and against[0][0] in HELPFUL:
            helped[against[0]] += 1
    _add_up_radii(helped)
    changes = [Change(kind, about, count) for (kind, about), count in helped.items()]
    return sorted(changes, key=lambda change: (-change.jobs, change.kind, str(change.about)))


def _add_up_radii(helped: Counter[tuple[str, Any]]) -> None:
    """Count for a wider radius what the narrower ones would have brought as well."""
    total = 0
    for radius in RADII_M:
        if (str(LeftOut.RADIUS), radius) in helped:
            total += helped[str(LeftOut.RADIUS), radius]
            helped[str(LeftOut.RADIUS), radius] = total


# What a friend can change; the rest (being asked before, blocked, under age) is as it is.
HELPFUL = {
    str(reason)
    for reason in (
        LeftOut.SKILL,
        LeftOut.RADIUS,
        LeftOut.NOT_FREE,
        LeftOut.LANGUAGE,
        LeftOut.PAUSED,
        LeftOut.BUSY,
        LeftOut.PRO,
    )
} | {"community"}


def _demand(jobs: Iterable[NearbyJob], ranks: Mapping[int, int]) -> list[SkillDemand]:
    distances: dict[int, list[float]] = {}
    for job in jobs:
        distances.setdefault(job.skill_id, []).append(arc_m(job.chord_m))
    demand = [
        SkillDemand(
            skill_id=skill,
            within=tuple(sum(metres <= ring * 1_000 for metres in found) for ring in RINGS_KM),
            rank=ranks.get(skill),
        )
        for skill, found in distances.items()
    ]
    return sorted(demand, key=lambda one: (tuple(-count for count in one.within), one.skill_id))


def _jobs_near(friend_id: UUID, position: str, now: datetime) -> list[NearbyJob]:
    south, north, west, east = box_around(position, RINGS_KM[-1] * 1_000)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT j.id, j.tenant_id, j.tenant_name, j.created_at, j.position <-> %(here)s::cube, j.position::text,
                   j.skill_ids, j.grades, j.windows, j.languages, j.needs_pro, (j.rules ->> 'reach_m')::integer,
                   ARRAY(SELECT DISTINCT w.community FROM public.dispatch_wave w WHERE w.job_id = j.id),
                   EXISTS (SELECT 1 FROM public.dispatch_offer o WHERE o.job_id = j.id AND o.friend_id = %(friend)s)
              FROM public.places_postalcode p
              JOIN public.dispatch_job j ON j.country = p.country AND j.postal_code = p.code
             WHERE p.latitude BETWEEN %(south)s AND %(north)s AND p.longitude BETWEEN %(west)s AND %(east)s
               AND (j.position <-> %(here)s::cube) <= %(reach)s
               AND j.created_at > %(since)s AND {REAL}
             ORDER BY j.created_at DESC, j.id
             LIMIT %(most)s
            """,
            {
                "here": position,
                "south": south,
                "north": north,
                "west": west,
                "east": east,
                "friend": friend_id.hex,
                "reach": chord_m(RINGS_KM[-1] * 1_000),
                "since": now - LOOK_BACK,
                "most": MOST_JOBS,
            },
        )
        return [_nearby_job(row) for row in cursor.fetchall()]


def _nearby_job(row: tuple[Any, ...]) -> NearbyJob:
    (
        key,
        tenant_id,
        tenant_name,
        created_at,
        chord,
        position,
        skills,
        grades,
        windows,
        languages,
        pro,
        reach_m,
        *rest,
    ) = row
    asked, was_offered = rest
    wanted = Wanted(
        skills=tuple(zip(skills, [*grades, *[0] * len(skills)], strict=False)),
        position=position,
        reach_m=reach_m,
        tenant_id=tenant_id,
        windows=tuple((date.fromisoformat(day), part) for day, part in _parsed(windows)),
        languages=tuple(languages),
        needs_pro=pro,
    )
    return NearbyJob(
        UUID(str(key)),
        tenant_id,
        tenant_name,
        timezone.localtime(created_at),
        chord,
        wanted,
        frozenset(asked),
        was_offered,
    )


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _ranks(
    jobs: Iterable[NearbyJob], friend_id: UUID, position: str, communities: Collection[int], skills: Collection[int]
) -> dict[int, int]:
    """Return the friend's median place by skill among the active friends near the latest jobs (1 query)."""
    latest = [job for job in jobs if job.skill_id in skills][:RANKED]
    if not latest:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT j.skill_ids[1], (
                SELECT count(*) FROM (
                    SELECT 1 FROM public.crowd_candidate c JOIN public.crowd_friend f ON f.id = c.friend_id
                     WHERE c.community = CASE WHEN j.tenant_id = ANY(%(mine)s) THEN j.tenant_id ELSE 0 END
                       AND c.skill_id = j.skill_ids[1] AND c.friend_id <> %(friend)s AND f.is_active
                       AND c.position <@ cube_enlarge(j.position, j.position <-> %(here)s::cube, 3)
                       AND (c.position <-> j.position) < (j.position <-> %(here)s::cube)
                     LIMIT %(last)s) nearer)
              FROM public.dispatch_job j WHERE j.id = ANY(%(jobs)s::uuid[])
            """,
            {
                "mine": list(communities),
                "friend": friend_id.hex,
                "here": position,
                "last": LAST_RANK,
                "jobs": [str(job.id) for job in latest],
            },
        )
        places: dict[int, list[int]] = {}
        for skill, nearer in cursor.fetchall():
            places.setdefault(skill, []).append(nearer + 1)
    return {skill: round(median(found)) for skill, found in places.items()}
