"""What a simulation reads from the database: places, and a partner's crowd and demand. Run on the platform."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from crowd.eligibility import Facts
from crowd.models import SHARED_CROWD, AvailabilityException, Block, Certificate, Friend, Membership
from dispatch.models import Job
from dispatch.selectors import time_zone_of, wanted_by
from dispatch.simulation.people import Demand, Person, Place
from places.models import PostalCode
from tenants.models import Tenant


def places_of(countries: Collection[str]) -> list[Place]:
    """Return the postal codes of some countries where people live, always in the same order."""
    rows = PostalCode.objects.filter(country__in=countries, population__gt=0).order_by("country", "code")
    return [Place(*row) for row in rows.values_list("latitude", "longitude", "population")]


def crowd_of(tenant: Tenant, *, starts_at: datetime) -> list[Person]:
    """Return the active friends of a partner's community and of the shared crowd, as they were then (5 queries).

    Nobody has a job as the month begins. Whoever had no first job by then is a newcomer; whoever has joined since
    comes when they did.
    """
    friends = Friend.objects.filter(memberships__community__in=[tenant.pk, SHARED_CROWD], is_active=True).distinct()
    communities, skills, exceptions = defaultdict(set), defaultdict(list), defaultdict(list)
    theirs = {"friend__in": friends.values("pk")}
    for friend, community in Membership.objects.filter(**theirs).values_list("friend", "community"):
        communities[friend].add(community)
    valid = Certificate.objects.filter(Q(valid_until=None) | Q(valid_until__gte=starts_at.date()), **theirs)
    for friend, skill, grade in valid.values_list("friend", "skill", "grade"):
        skills[friend].append((skill, grade))
    rows = AvailabilityException.objects.filter(**theirs).order_by("starts_on")
    for friend, first, last, parts in rows.values_list("friend", "starts_on", "ends_on", "parts"):
        exceptions[friend].append((first, last, parts))
    blocked = set(Block.objects.filter(tenant_id=tenant.pk).values_list("friend", flat=True))
    return [
        Person(
            facts=_facts(friend, starts_at, skills[friend.pk], exceptions[friend.pk], is_blocked=friend.pk in blocked),
            position=friend.position,
            is_own=tenant.pk in communities[friend.pk],
            in_crowd=SHARED_CROWD in communities[friend.pk],
            joined_at=max(friend.joined_at, starts_at),
        )
        for friend in friends.order_by("id")
    ]


def demand_of(tenant: Tenant, *, since: datetime, until: datetime) -> list[Demand]:
    """Return a partner's jobs of a time as they came (1 query)."""
    return [
        Demand(job.created_at, wanted_by(job, now=job.created_at), time_zone_of(job))
        for job in _jobs(tenant, since, until).order_by("created_at", "id")
    ]


def has_demand(tenant: Tenant, *, since: datetime, until: datetime) -> bool:
    """Say whether a partner had any job in a time (1 query)."""
    return _jobs(tenant, since, until).exists()


def _jobs(tenant: Tenant, since: datetime, until: datetime) -> QuerySet[Job]:
    return Job.objects.filter(tenant_id=tenant.pk, created_at__gte=since, created_at__lte=until, follows=None)


def _facts(
    friend: Friend,
    starts_at: datetime,
    skills: list[tuple[int, int]],
    exceptions: list[tuple[date, date, int]],
    *,
    is_blocked: bool,
) -> Facts:
    fields: dict[str, Any] = {
        name: getattr(friend, name)
        for name in ("is_active", "born_on", "radius_m", "free_week", "max_open_jobs", "paused_until", "pro_until")
    }
    return Facts(
        friend_id=UUID(str(friend.pk)),
        chord_m=0.0,
        languages=tuple(friend.languages),
        skills=tuple(sorted(skills)),
        exceptions=tuple(exceptions),
        open_jobs=0,
        waiting_since=min(friend.waiting_since, max(friend.joined_at, starts_at)),
        is_newcomer=friend.first_job_at is None or friend.first_job_at >= starts_at,
        is_blocked=is_blocked,
        **fields,
    )
