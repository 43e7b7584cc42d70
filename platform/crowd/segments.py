"""Friends of a community by what is known of them, for those who write to them. Run on the platform."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from crowd.models import Certificate, Friend
from crowd.states import Grade

# What friends have done so far.
WORKED, WAITING = "worked", "waiting"


def readers_of_community(
    community: int,
    *,
    languages: Collection[str] = (),
    places: Collection[str] = (),
    skills: Collection[str] = (),
    certificates: Collection[str] = (),
    activity: str = "",
) -> list[tuple[UUID, str]]:
    """Return ids and languages of a community's active friends (1 query); what is empty chooses nobody out.

    ``places`` are beginnings of postal codes. Of ``skills`` (declared or certified) and of ``certificates`` one is
    enough, and ``activity`` is by whether they have had a first job.
    """
    found = Friend.objects.filter(memberships__community=community, is_active=True)
    found = found.exclude(blocks__tenant_id=community)
    if languages:
        found = found.filter(language__in=languages)
    if places:
        found = found.filter(reduce(or_, (Q(postal_code__startswith=place) for place in places)))
    has = Certificate.objects.filter(friend=OuterRef("pk"))
    if skills:
        found = found.filter(Exists(has.filter(skill__slug__in=skills)))
    if certificates:
        found = found.filter(Exists(has.filter(skill__slug__in=certificates, grade__gte=Grade.FRIEND)))
    if activity in {WORKED, WAITING}:
        found = found.filter(first_job_at__isnull=activity == WAITING)
    return list(found.order_by("pk").values_list("pk", "language"))


def addresses_of(friend_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the mail addresses of active friends (1 query)."""
    return dict(Friend.objects.filter(pk__in=friend_ids, is_active=True).values_list("pk", "email"))
