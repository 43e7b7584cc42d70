"""Reads about friends. The search for candidates is one index scan; see ``Candidate``."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from crowd.eligibility import FULL_AGE, Facts, Wanted, years_before
from crowd.models import SHARED_CROWD, Block, Certificate, Friend, Membership, ProCountry
from kernel.geo import arc_m, chord_m
from kernel.slots import bit


@dataclass(frozen=True)
class Nearby:
    """An eligible friend and how far away they live, in great-circle metres."""

    friend_id: UUID
    distance_m: int
    free_week: int


# The conditions of crowd.eligibility in SQL, over a candidate ``c`` and its friend ``f``.
_ELIGIBLE = """
       c.community = %(community)s
   AND c.skill_id = %(skill)s
   AND c.position <@ cube_enlarge(%(here)s::cube, %(reach_chord)s, 3)
   AND (c.position <-> %(here)s::cube) <= %(reach_chord)s
   AND c.grade >= %(grade)s
   AND (c.valid_until IS NULL OR c.valid_until >= %(today)s)
   AND f.is_active
   AND f.born_on <= %(adult_on)s
   AND f.open_jobs < f.max_open_jobs
   AND (f.paused_until IS NULL OR f.paused_until <= %(now)s)
   AND (cardinality(%(days)s::date[]) = 0 OR EXISTS (
         SELECT 1 FROM unnest(%(days)s::date[], %(parts)s::integer[], %(bits)s::integer[]) AS w(day, part, bit)
           LEFT JOIN public.crowd_availabilityexception e
                  ON e.friend_id = f.id AND w.day BETWEEN e.starts_on AND e.ends_on
          WHERE CASE WHEN e.id IS NULL THEN f.free_week & w.bit ELSE e.parts & (1 << w.part) END <> 0))
   AND (cardinality(%(languages)s::varchar[]) = 0 OR f.languages && %(languages)s::varchar[])
   AND (NOT %(needs_pro)s OR f.pro_until >= %(today)s)
   AND 2 * 6371008.8 * asin(least(1, (c.position <-> %(here)s::cube) / (2 * 6371008.8))) <= f.radius_m
   AND NOT EXISTS (SELECT 1 FROM public.crowd_block b
                    WHERE b.friend_id = f.id AND b.tenant_id = %(tenant_id)s)
   AND NOT EXISTS (SELECT 1 FROM unnest(%(other_skills)s::integer[], %(other_grades)s::integer[]) AS n(skill, grade)
                    WHERE NOT EXISTS (SELECT 1 FROM public.crowd_certificate o
                                       WHERE o.friend_id = f.id AND o.skill_id = n.skill AND o.grade >= n.grade
                                         AND (o.valid_until IS NULL OR o.valid_until >= %(today)s)))
   AND NOT (f.id = ANY(%(exclude)s::uuid[]))
"""

# The inner query is ordered by distance alone, so that the index serves the order; whoever ties with the last one
# comes along, and the tie is settled outside by who waited longest. A second key inside would sort all within reach.
_NEAREST = f"""
SELECT friend_id, chord, free_week FROM (
    SELECT c.friend_id, c.position <-> %(here)s::cube AS chord, f.free_week, f.waiting_since
      FROM public.crowd_candidate c
      JOIN public.crowd_friend f ON f.id = c.friend_id
     WHERE {_ELIGIBLE}
     ORDER BY c.position <-> %(here)s::cube
     FETCH FIRST %(count)s ROWS WITH TIES
) nearest
ORDER BY chord, waiting_since, friend_id
LIMIT %(count)s
"""

# One statement, so one snapshot: who is eligible, which newcomers are, and everybody who lives no farther than the last
# of them, with all that was known of each. The rule of seats is then applied to these facts and to nothing else.
_CONSIDERED = f"""
WITH eligible AS MATERIALIZED (
    SELECT c.friend_id, c.position <-> %(here)s::cube AS chord
      FROM public.crowd_candidate c
      JOIN public.crowd_friend f ON f.id = c.friend_id
     WHERE {_ELIGIBLE}
     ORDER BY c.position <-> %(here)s::cube
     FETCH FIRST %(count)s ROWS WITH TIES
), newcomers AS MATERIALIZED (
    SELECT c.friend_id
      FROM public.crowd_candidate c
      JOIN public.crowd_friend f ON f.id = c.friend_id
     WHERE c.is_newcomer AND %(newcomers)s > 0 AND {_ELIGIBLE}
     ORDER BY c.position <-> %(here)s::cube
     FETCH FIRST %(newcomers)s ROWS WITH TIES
), passed AS MATERIALIZED (
    SELECT c.friend_id
      FROM public.crowd_candidate c
     WHERE c.community = %(community)s
       AND c.skill_id = %(skill)s
       AND c.position <@ cube_enlarge(%(here)s::cube, %(reach_chord)s, 3)
       AND (c.position <-> %(here)s::cube)
           <= coalesce((SELECT max(chord) FROM eligible HAVING count(*) >= %(count)s), %(reach_chord)s)
     ORDER BY c.position <-> %(here)s::cube
     LIMIT %(most)s
), known AS (
    SELECT friend_id FROM eligible UNION SELECT friend_id FROM newcomers UNION SELECT friend_id FROM passed
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
       f.id = ANY(%(exclude)s::uuid[])
  FROM known JOIN public.crowd_friend f ON f.id = known.friend_id
"""
# More than these are not written down for a wave where nobody near is eligible.
MOST_CONSIDERED = 60


def nearest_candidates(
    wanted: Wanted, *, community: int, count: int, now: datetime, exclude: Collection[UUID] = ()
) -> list[Nearby]:
    """Return at most ``count`` eligible friends of a community, nearest first, in one query.

    Eligible is what DESIGN.md section 3 says (crowd.eligibility); equal distance goes to who waited longest.
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
        "other_skills": [other for other, _grade in others],
        "other_grades": [least for _other, least in others],
        "today": now.date(),
        "adult_on": years_before(now.date(), FULL_AGE),
        "now": now,
        "days": [day for day, _part in wanted.windows],
        "parts": [part for _day, part in wanted.windows],
        "bits": [bit(day.weekday(), part) for day, part in wanted.windows],
        "languages": list(wanted.languages),
        "needs_pro": wanted.needs_pro,
        "tenant_id": wanted.tenant_id,
        "exclude": [str(friend_id) for friend_id in exclude],
        "count": count,
    }


def _facts(row: tuple[Any, ...]) -> Facts:
    friend, chord, is_active, born_on, radius_m, languages, skills, free_week, exceptions, *rest = row
    open_jobs, max_open_jobs, waiting_since, paused_until, pro_until, is_newcomer, is_blocked, was_asked = rest
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
    )


def _exception(text: str) -> tuple[date, date, int]:
    starts_on, ends_on, parts = text.split(" ")
    return date.fromisoformat(starts_on), date.fromisoformat(ends_on), int(parts)


def friend_by_id(friend_id: UUID) -> Friend:
    """Return a friend.

    Raises ``Friend.DoesNotExist``.
    """
    return Friend.objects.get(pk=friend_id)


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


def community_size(community: int) -> int:
    """Return how many active friends are in a partner's community."""
    return Membership.objects.filter(community=community, friend__is_active=True).count()


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


def search_friends(words: str) -> QuerySet[Friend]:
    """Return the friends whose names, mail address or place hold all the words, by name."""
    found = Friend.objects.all()
    for word in words.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(town__icontains=word)
            | Q(postal_code__startswith=word)
        )
    return found.order_by("last_name", "first_name", "id")
