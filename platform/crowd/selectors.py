"""Reads about friends. The search for candidates is one index scan; see ``Candidate``."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, IntegerField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from crowd.eligibility import FULL_AGE, Facts, Wanted, is_free, years_before
from crowd.models import (
    SHARED_CROWD,
    AvailabilityException,
    Block,
    Certificate,
    Friend,
    Membership,
    ProCountry,
    Rating,
)
from crowd.reputation import Reputation
from kernel.database.at_once import at_once
from kernel.database.written_once import written_once
from kernel.geo import arc_m, chord_m
from kernel.slots import bit


@dataclass(frozen=True)
class Nearby:
    """An eligible friend and how far away they live, in great-circle metres."""

    friend_id: UUID
    distance_m: int
    free_week: int


# The functions ask in SQL what crowd.eligibility asks, in order of distance alone, so that the index serves the order;
# whoever ties with the last one comes along, and the tie is settled outside by who waited longest.
_ARGUMENTS = (
    "%(community)s, %(skill)s, %(grade)s, %(here)s::cube, %(reach_chord)s, %(today)s, %(adult_on)s, %(now)s,"
    " %(days)s::date[], %(parts)s::integer[], %(bits)s::integer[], %(languages)s::varchar[], %(needs_pro)s,"
    " %(tenant_id)s, %(other_skills)s::integer[], %(other_grades)s::integer[], %(exclude)s::uuid[],"
    " %(cash_in)s::varchar, %(sells_in)s::varchar"
)
_NEAREST = f"""
SELECT friend_id, chord, free_week FROM public.crowd_eligible({_ARGUMENTS}, %(count)s)
 ORDER BY chord, waiting_since, friend_id LIMIT %(count)s
"""

# One statement, so one snapshot: who is eligible, which newcomers are, and everybody who lives no farther than the last
# of them, with all that was known of each. The rule of seats is then applied to these facts and to nothing else.
_CONSIDERED = f"""
WITH eligible AS MATERIALIZED (
    SELECT friend_id, chord FROM public.crowd_eligible({_ARGUMENTS}, %(count)s)
), known AS (
    SELECT friend_id FROM eligible
    UNION SELECT friend_id FROM public.crowd_eligible_newcomers({_ARGUMENTS}, %(newcomers)s) WHERE %(newcomers)s > 0
    UNION SELECT friend_id FROM public.crowd_passed(
        %(community)s, %(skill)s, %(here)s::cube,
        coalesce((SELECT max(chord) FROM eligible HAVING count(*) >= %(count)s), %(reach_chord)s), %(most)s)
)
SELECT f.id, f.position <-> %(here)s::cube, f.is_active, f.born_on, f.radius_m, f.languages,
       ARRAY(SELECT ARRAY[o.skill_id, o.grade] FROM public.crowd_certificate o
              WHERE o.friend_id = f.id AND o.skill_id = ANY(%(skills)s::integer[])
                AND (o.valid_until IS NULL OR o.valid_until >= %(today)s) ORDER BY o.skill_id),
       f.free_week,
       ARRAY(SELECT e.starts_on || ' ' || e.ends_on || ' ' || e.parts FROM public.crowd_availabilityexception e
              WHERE e.friend_id = f.id
                AND EXISTS (SELECT 1 FROM unnest(%(days)s::date[]) w(day) WHERE w.day BETWEEN e.starts_on AND e.ends_on)
              ORDER BY e.starts_on),
       f.open_jobs, f.max_open_jobs, f.waiting_since, f.paused_until, f.pro_until, f.first_job_at IS NULL,
       EXISTS (SELECT 1 FROM public.crowd_block b WHERE b.friend_id = f.id AND b.tenant_id = %(tenant_id)s),
       f.id = ANY(%(exclude)s::uuid[]), f.cashless_in, f.sells_in
  FROM known JOIN public.crowd_friend f ON f.id = known.friend_id
"""
# More than these are not written down for a wave where nobody near is eligible.
MOST_CONSIDERED = 60


def nearest_candidates(
    wanted: Wanted, *, community: int, count: int, now: datetime, exclude: Collection[UUID] = ()
) -> list[Nearby]:
    """Return at most ``count`` eligible friends of a community, nearest first, in one query.

    Eligible is what ``crowd.eligibility`` says; equal distance goes to who waited longest.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, _params(wanted, community=community, count=count, now=now, exclude=exclude))
        return [Nearby(UUID(str(friend)), round(arc_m(chord)), week) for friend, chord, week in cursor.fetchall()]


def considered_candidates(
    wanted: Wanted,
    *,
    community: int,
    count: int,
    newcomers: int,
    now: datetime,
    exclude: Collection[UUID] = (),
) -> list[Facts]:
    """Return the facts of everybody whom the rule of seats has to look at, in one query and one snapshot.

    These are the ``count`` nearest eligible friends (with all who tie), the nearest ``newcomers`` eligible ones without
    a first job, and at most 60 of those who live no farther and are not eligible.
    """
    params = _params(wanted, community=community, count=count, now=now, exclude=exclude)
    params |= {
        "newcomers": newcomers,
        "most": MOST_CONSIDERED,
        "skills": [skill for skill, _grade in wanted.skills],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONSIDERED, params)
        return [_facts(row) for row in cursor.fetchall()]


def _params(wanted: Wanted, *, community: int, count: int, now: datetime, exclude: Collection[UUID]) -> dict[str, Any]:
    (skill, grade), *others = wanted.skills
    return {
        "here": wanted.position,
        "reach_chord": chord_m(wanted.reach_m),
        "community": community,
        "skill": skill,
        "grade": grade,
        "other_skills": _array(other for other, _grade in others),
        "other_grades": _array(least for _other, least in others),
        "today": now.date(),
        "adult_on": years_before(now.date(), FULL_AGE),
        "now": now,
        "days": _array(day for day, _part in wanted.windows),
        "parts": _array(part for _day, part in wanted.windows),
        "bits": _array(bit(day.weekday(), part) for day, part in wanted.windows),
        "languages": _array(wanted.languages),
        "needs_pro": wanted.needs_pro,
        "tenant_id": wanted.tenant_id,
        "exclude": _array(exclude),
        "cash_in": wanted.cash_in,
        "sells_in": wanted.sells_in,
        "count": count,
    }


def _array(values: Iterable[object]) -> str:
    """Return plain values as PostgreSQL writes an array: the driver goes through a list in 20 microseconds."""
    return f"{{{','.join(map(str, values))}}}"


def _facts(row: tuple[Any, ...]) -> Facts:
    friend, chord, is_active, born_on, radius_m, languages, skills, free_week, exceptions, *rest = row
    open_jobs, max_open_jobs, waiting_since, paused_until, pro_until, is_newcomer, is_blocked, was_asked, *sells = rest
    cashless, sells_in = sells
    return Facts(
        friend_id=UUID(str(friend)),
        chord_m=chord,
        is_active=is_active,
        born_on=born_on,
        radius_m=radius_m,
        languages=tuple(languages),
        skills=tuple((skill, grade) for skill, grade in skills),
        free_week=free_week,
        exceptions=tuple(_exception(text) for text in exceptions),
        open_jobs=open_jobs,
        max_open_jobs=max_open_jobs,
        waiting_since=waiting_since,
        paused_until=paused_until,
        pro_until=pro_until,
        is_newcomer=is_newcomer,
        is_blocked=is_blocked,
        was_asked=was_asked,
        cashless_in=tuple(cashless),
        sells_in=sells_in,
    )


def _exception(text: str) -> tuple[date, date, int]:
    starts_on, ends_on, parts = text.split(" ")
    return date.fromisoformat(starts_on), date.fromisoformat(ends_on), int(parts)


def friend_by_id(friend_id: UUID) -> Friend:
    """Return a friend.

    Raises ``Friend.DoesNotExist``.
    """
    return Friend.objects.get(pk=friend_id)


def friends_and_pros(friend_ids: Collection[UUID]) -> dict[UUID, Friend]:
    """Return friends by their ids, each with their company where they have one (1 query)."""
    return {one.pk: one for one in Friend.objects.filter(pk__in=friend_ids).select_related("pro")}


def friends_with_facts() -> QuerySet[Friend]:
    """Return all friends who are somebody, each with what ``facts_of`` looks at, and with the memberships."""
    return at_once(
        Friend.objects.filter(simulated_for=None),
        certificates=Certificate.objects.order_by("id"),
        exceptions=AvailabilityException.objects.order_by("starts_on"),
        memberships=Membership.objects.order_by("community"),
    )


def country_of(friend_id: UUID) -> str:
    """Return the ISO code of a friend's country, or an empty string for nobody."""
    return next(iter(_country_of(friend_id)), "")


@written_once
def _country_of(friend_id: UUID) -> QuerySet[Friend, str]:
    return Friend.objects.filter(pk=friend_id).values_list("country", flat=True)


def pros_are_enabled(country: str) -> bool:
    """Say whether pros take jobs in a country (R10)."""
    return ProCountry.objects.filter(pk=country).exists()


def is_member(friend_id: UUID, *, community: int) -> bool:
    """Say whether an active friend is in a partner's community and neither of the two has blocked the other."""
    members = Membership.objects.filter(friend=friend_id, friend__is_active=True, community=community)
    return members.exclude(friend__blocks__tenant_id=community).exists()


def communities_of(friend_id: UUID) -> list[int]:
    """Return the partners, as tenant ids, in whose communities the friend is and may be."""
    members = Membership.objects.filter(friend=friend_id, friend__is_active=True).exclude(community=SHARED_CROWD)
    blocked = set(Block.objects.filter(friend=friend_id).values_list("tenant_id", flat=True))
    return [community for community in members.values_list("community", flat=True) if community not in blocked]


def blocks_of(friend_id: UUID) -> dict[int, bool]:
    """Return the partners that a friend is kept apart from, and whether the friend wanted it."""
    return dict(Block.objects.filter(friend=friend_id).values_list("tenant_id", "is_by_friend"))


def community_size(community: int) -> int:
    """Return how many active friends are in a partner's community."""
    return Membership.objects.filter(community=community, friend__is_active=True).count()


def memberships_of(friend_id: UUID) -> list[int]:
    """Return the communities whose jobs reach the friend; 0 is the shared crowd."""
    return list(Membership.objects.filter(friend=friend_id).order_by("community").values_list("community", flat=True))


def facts_of(friend: Friend, *, now: datetime) -> Facts:
    """Return what a decision would know of the friend today, at no distance (2 queries, or none with its facts)."""
    today = now.date()
    certificates = [one for one in friend.certificates.all() if one.valid_until is None or one.valid_until >= today]
    exceptions = [(one.starts_on, one.ends_on, one.parts) for one in friend.exceptions.all()]
    return Facts(
        friend_id=friend.pk,
        chord_m=0,
        is_active=friend.is_active,
        born_on=friend.born_on,
        radius_m=friend.radius_m,
        languages=tuple(friend.languages),
        skills=tuple(sorted((one.skill_id, one.grade) for one in certificates)),
        free_week=friend.free_week,
        exceptions=tuple(sorted(exceptions)),
        open_jobs=friend.open_jobs,
        max_open_jobs=friend.max_open_jobs,
        waiting_since=friend.waiting_since,
        paused_until=friend.paused_until,
        pro_until=friend.pro_until,
        is_newcomer=friend.first_job_at is None,
        cashless_in=tuple(friend.cashless_in),
        sells_in=friend.sells_in,
    )


def free_at(friend_ids: Collection[UUID], windows: Collection[tuple[date, int]]) -> set[UUID]:
    """Return which of the friends are free at one of the windows (2 queries)."""
    friends = Friend.objects.filter(pk__in=friend_ids).prefetch_related("exceptions")
    return {
        friend.pk
        for friend in friends
        if is_free(
            friend.free_week, [(one.starts_on, one.ends_on, one.parts) for one in friend.exceptions.all()], windows
        )
    }


def certificates_of(friend_id: UUID, *, today: date) -> list[Certificate]:
    """Return the friend's valid certificates with their skills."""
    return list(
        Certificate.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today), friend_id=friend_id)
        .select_related("skill")
        .order_by("skill__slug", "id")
    )


def members_of(community: int) -> list[Friend]:
    """Return the active friends of a partner's community, by name."""
    found = Friend.objects.filter(memberships__community=community, is_active=True)
    return list(found.exclude(blocks__tenant_id=community).order_by("first_name", "last_name", "id"))


def friends_of_communities(communities: Iterable[int], *, country: str = "", only_pros: bool = False) -> list[UUID]:
    """Return the ids of the active friends who are in one of the communities and kept apart from none (1 query)."""
    wanted = list(communities)
    found = Friend.objects.filter(memberships__community__in=wanted, is_active=True)
    if country:
        found = found.filter(country=country)
    if only_pros:
        found = found.filter(is_pro=True)
    found = found.exclude(blocks__tenant_id__in=wanted)
    return list(found.order_by("id").distinct().values_list("id", flat=True))


def search_friends(words: str) -> QuerySet[Friend]:
    """Return the friends whose names, mail address or place hold all the words, by name."""
    found = Friend.objects.filter(simulated_for=None)
    for word in words.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(town__icontains=word)
            | Q(postal_code__startswith=word)
        )
    return found.order_by("last_name", "first_name", "id")


def names_of(friend_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the full names of friends by id. One query."""
    found = Friend.objects.filter(pk__in=list(friend_ids)).values_list("pk", "first_name", "last_name")
    return {friend_id: f"{first} {last}" for friend_id, first, last in found}


def reputation_of(friend_id: UUID) -> Reputation | None:
    """Return what a friend's published ratings come to, or None where the friend is not to be seen from here."""
    found = Friend.objects.filter(pk=friend_id).values_list("ratings_count", "ratings_sum").first()
    return Reputation(*found) if found else None


def ratings_of(friend_id: UUID) -> QuerySet[Rating]:
    """Return the published ratings of a friend, newest first."""
    return Rating.objects.filter(friend_id=friend_id).order_by("-published_at", "-id")


def rating_of_job(job_id: UUID) -> Rating | None:
    """Return the published rating of a job. Inside a tenant only its own are found."""
    return Rating.objects.filter(job_id=job_id).first()


def ratings_of_jobs(job_ids: Iterable[UUID]) -> dict[UUID, Rating]:
    """Return the published ratings of many jobs by job."""
    return {rating.job_id: rating for rating in Rating.objects.filter(job_id__in=list(job_ids))}


def stars_of(friend_id: UUID) -> dict[int, int]:
    """Return how often a friend got each number of stars, five first."""
    counted = dict(Rating.objects.filter(friend_id=friend_id).values_list("stars").annotate(Count("id")))
    return {stars: counted.get(stars, 0) for stars in range(5, 0, -1)}


def criteria_of(friend_id: UUID, *, names: Iterable[str]) -> dict[str, float | None]:
    """Return the plain average of each criterion over a friend's ratings, None where nobody has rated it."""
    averages = {name: Avg(Cast(KT(f"criteria__{name}"), IntegerField())) for name in names}
    return Rating.objects.filter(friend_id=friend_id).aggregate(**averages)
