"""The nearest suitable friends (R8, R14): what makes one suitable, who comes first, and the plan that finds them."""

from datetime import date, timedelta
from typing import Any

import pytest
from time_machine import Coordinates

from crowd.eligibility import Wanted
from crowd.models import Certificate, Friend
from crowd.selectors import nearest_candidates
from crowd.services import block_friend, leave_community, pause_friend, refresh_candidates
from kernel.clock import now
from kernel.geo import on_sphere
from kernel.slots import Part, bit
from skills.models import Skill
from skills.services import define_skill
from tenants.models import Tenant
from tests.cast import ADA_AT, certify_friend, register_friend
from tests.databases import ask_as_login


@pytest.fixture
def wanted(nord: Tenant, clock: Coordinates) -> Wanted:
    """Return what a job at Ada's asks for."""
    return Wanted(
        skills=((Skill.objects.get(slug="wifi").pk, 0),),
        position=on_sphere(*ADA_AT),
        reach_m=50_000,
        tenant_id=nord.pk,
        windows=((date(2026, 12, 1), Part.EVENING),),
        languages=("de",),
    )


def names(wanted: Wanted, community: int, count: int = 4) -> list[str]:
    """Return who would be asked, in order."""
    found = nearest_candidates(wanted, community=community, count=count, now=now())
    return [Friend.objects.get(pk=nearby.friend_id).first_name for nearby in found]


def test_the_four_nearest_come_nearest_first(nord: Tenant, wanted: Wanted) -> None:
    for name, km in (("Emil", 4), ("Ben", 1), ("Finn", 9), ("Dana", 3), ("Cem", 2)):
        register_friend(name, km=km, communities=[nord.pk])

    assert names(wanted, nord.pk) == ["Ben", "Cem", "Dana", "Emil"]


def test_equal_distance_goes_to_who_waited_longest(nord: Tenant, wanted: Wanted) -> None:
    for name in ("Ben", "Cem"):
        register_friend(name, km=1, communities=[nord.pk])
    Friend.objects.filter(first_name="Cem").update(waiting_since=now() - timedelta(days=9))

    assert names(wanted, nord.pk, count=1) == ["Cem"]


@pytest.mark.parametrize(
    "fields",
    [
        {"radius_m": 4_000},
        {"free_week": bit(1, Part.MORNING)},
        {"languages": ["fr"]},
        {"km": 60},
    ],
    ids=["own radius", "no time", "no common language", "out of reach"],
)
def test_who_does_not_fit_is_not_asked(nord: Tenant, wanted: Wanted, fields: dict[str, Any]) -> None:
    register_friend("Ben", communities=[nord.pk], **({"km": 5} | fields))

    assert names(wanted, nord.pk) == []


def test_who_is_paused_blocked_busy_or_gone_is_not_asked(nord: Tenant, wanted: Wanted) -> None:
    cast = {name: register_friend(name, km=1, communities=[nord.pk]) for name in ("Ben", "Cem", "Dana", "Emil", "Finn")}
    pause_friend(friend_id=cast["Ben"].pk, until=now() + timedelta(days=1))
    block_friend(friend=cast["Cem"], tenant_id=nord.pk)
    Friend.objects.filter(pk=cast["Dana"].pk).update(open_jobs=3)
    leave_community(friend=cast["Emil"], community=nord.pk)

    assert names(wanted, nord.pk) == ["Finn"]


def test_a_certificate_counts_until_its_last_day(nord: Tenant, wanted: Wanted) -> None:
    ben = register_friend("Ben", km=1, communities=[nord.pk])
    wifi = Skill.objects.filter(slug="wifi")
    certify_friend(friend=ben, skills=wifi, valid_until=now().date())
    assert names(wanted, nord.pk) == ["Ben"]

    certify_friend(friend=ben, skills=wifi, valid_until=date(2026, 11, 23))

    assert names(wanted, nord.pk) == []


def test_a_friend_of_another_community_is_not_asked(nord: Tenant, sued: Tenant, wanted: Wanted) -> None:
    register_friend("Greta", km=1, communities=[sued.pk])

    assert names(wanted, nord.pk) == []
    assert names(wanted, sued.pk) == ["Greta"]


def test_the_search_walks_the_index_in_order_of_distance(nord: Tenant, wanted: Wanted) -> None:
    """It looks at the nearest and at no more, whatever the planner thinks of a box around a place."""
    for number in range(40):
        register_friend(f"Friend{number}", km=number / 2, communities=[nord.pk])
    other = define_skill(slug="other", names={"en": "Other"})
    for number in range(40):
        near = register_friend(f"Near{number}", km=number / 100, communities=[nord.pk])
        Certificate.objects.filter(friend=near).update(skill=other)
        refresh_candidates([near.pk])
    walked = "SELECT pg_stat_get_xact_tuples_fetched('public.crowd_candidate'::regclass)"
    [(before,)] = ask_as_login(walked)

    assert len(names(wanted, nord.pk)) == 4

    [(after,)] = ask_as_login(walked)
    # The fourth, and the next one, which might have tied with it.
    assert after - before <= 6
