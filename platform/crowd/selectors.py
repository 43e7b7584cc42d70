"""Reads about friends. The search for candidates is one index scan; see ``Candidate``."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from crowd.models import SHARED_CROWD, Block, Certificate, Friend, Membership
from kernel.geo import arc_m, chord_m

FULL_AGE = 18


@dataclass(frozen=True)
class Wanted:
    """What a job asks of a friend. Unset parts do not restrict: coverage leaves out week and languages.

    ``reach_m`` is the customer's side of the radius in great-circle metres, ``week`` the wished times (kernel.slots).
    """

    skill_ids: tuple[int, ...]
    position: str
    reach_m: int
    tenant_id: int
    week: int = 0
    languages: tuple[str, ...] = ()
    needs_pro: bool = False


@dataclass(frozen=True)
class Nearby:
    """An eligible friend and how far away they live, in great-circle metres."""

    friend_id: UUID
    distance_m: int
    free_week: int


# The inner query is ordered by distance alone, so that the index serves the order; whoever ties with the last one
# comes along, and the tie is settled outside by who waited longest. A second key inside would sort all within reach.
_NEAREST = """
SELECT friend_id, chord, free_week FROM (
    SELECT c.friend_id, c.position <-> %(here)s::cube AS chord, f.free_week, f.waiting_since
      FROM public.crowd_candidate c
      JOIN public.crowd_friend f ON f.id = c.friend_id
     WHERE c.community = %(community)s
       AND c.skill_id = %(skill)s
       AND c.position <@ cube_enlarge(%(here)s::cube, %(reach_chord)s, 3)
       AND (c.position <-> %(here)s::cube) <= %(reach_chord)s
       AND (c.valid_until IS NULL OR c.valid_until >= %(today)s)
       AND f.is_active
       AND f.born_on <= %(adult_on)s
       AND f.open_jobs < f.max_open_jobs
       AND (f.paused_until IS NULL OR f.paused_until <= %(now)s)
       AND (%(week)s = 0 OR (f.free_week & %(week)s) <> 0)
       AND (cardinality(%(languages)s::varchar[]) = 0 OR f.languages && %(languages)s::varchar[])
       AND (f.is_pro OR NOT %(needs_pro)s)
       AND 2 * 6371008.8 * asin(least(1, (c.position <-> %(here)s::cube) / (2 * 6371008.8))) <= f.radius_m
       AND NOT EXISTS (SELECT 1 FROM public.crowd_block b
                        WHERE b.friend_id = f.id AND b.tenant_id = %(tenant_id)s)
       AND (SELECT count(*) FROM public.crowd_certificate o
             WHERE o.friend_id = f.id AND o.skill_id = ANY(%(other_skills)s::integer[])
               AND (o.valid_until IS NULL OR o.valid_until >= %(today)s)) = cardinality(%(other_skills)s::integer[])
       AND NOT (f.id = ANY(%(exclude)s::uuid[]))
     ORDER BY c.position <-> %(here)s::cube
     FETCH FIRST %(count)s ROWS WITH TIES
) nearest
ORDER BY chord, waiting_since, friend_id
LIMIT %(count)s
"""


def nearest_candidates(
    wanted: Wanted, *, community: int, count: int, now: datetime, exclude: Collection[UUID] = ()
) -> list[Nearby]:
    """Return at most ``count`` eligible friends of a community, nearest first, in one query.

    Eligible is what DESIGN.md section 3 says; equal distance goes to who waited longest.
    """
    skill, *other_skills = wanted.skill_ids
    params: dict[str, Any] = {
        "here": wanted.position,
        "reach_chord": chord_m(wanted.reach_m),
        "community": community,
        "skill": skill,
        "other_skills": list(other_skills),
        "today": now.date(),
        "adult_on": years_before(now.date(), FULL_AGE),
        "now": now,
        "week": wanted.week,
        "languages": list(wanted.languages),
        "needs_pro": wanted.needs_pro,
        "tenant_id": wanted.tenant_id,
        "exclude": [str(friend_id) for friend_id in exclude],
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, params)
        return [Nearby(UUID(str(friend)), round(arc_m(chord)), week) for friend, chord, week in cursor.fetchall()]


def friend_by_id(friend_id: UUID) -> Friend:
    """Return a friend.

    Raises ``Friend.DoesNotExist``.
    """
    return Friend.objects.get(pk=friend_id)


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


def years_before(day: date, years: int) -> date:
    """Return the same day years earlier; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
