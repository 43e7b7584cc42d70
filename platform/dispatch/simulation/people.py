"""The people and the orders of a simulation, and how they are made up where they are not taken from a partner.

Made up: homes and orders lie at real postal codes, each as likely as people live there, within 2 km of its centre. Of
the friends 30 % are newcomers who join in the first half of the month; 60 % belong to the own community, 70 % of these
to the shared crowd as well, all others to it alone. All speak the first language, 40 % a second; radius 10 to 40 km;
three of four evenings, one of two mornings and afternoons free. Skill 1 has everybody, skill 2 half of them, a
certificate for skill 3 a sixth; of the orders 70, 20 and 10 % need them. Orders come between 7:00 and 23:00, most in
the late afternoon, with two or three wished parts of the next week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, radians
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from crowd.eligibility import Facts, Wanted
from kernel.geo import on_sphere
from kernel.slots import PARTS_A_DAY, Part, bit

METRES_A_DEGREE = 111_195
SCATTER_M = 2_000
NEWCOMERS, OWN, SHARED = 0.3, 0.6, 0.7
FREE = {Part.MORNING: 0.5, Part.AFTERNOON: 0.5, Part.EVENING: 0.75}
SECOND_SKILL, CERTIFIED = 0.5, 1 / 6
COMMON_SKILL, OTHER_SKILL, CERTIFIED_SKILL = 1, 2, 3
FRIENDS_GRADE = 1
# How many orders come in an hour of the day, in relation to the others.
HOURS = {7: 1, 8: 3, 9: 4, 10: 4, 11: 4, 12: 5, 13: 4, 14: 4, 15: 5, 16: 6, 17: 8, 18: 9, 19: 9, 20: 7, 21: 5, 22: 3}


@dataclass(frozen=True)
class Place:
    """A postal code: degrees, and how many people live there."""

    latitude: float
    longitude: float
    people: int


@dataclass(frozen=True)
class Person:
    """A friend as the simulation begins. ``facts`` hold for a job at the own door; the rest is put in at each look."""

    facts: Facts
    position: str
    is_own: bool
    in_crowd: bool
    joined_at: datetime
    eagerness: float = 1.0


@dataclass(frozen=True)
class Demand:
    """An order that comes at a moment."""

    at: datetime
    wanted: Wanted
    time_zone: str


def make_crowd(places: Sequence[Place], *, friends: int, starts_at: datetime, days: int, seed: int) -> list[Person]:
    """Make up so many friends."""
    drawn = Random(f"{seed}/crowd")  # a model, no secret
    return [_person(drawn, place, starts_at, days) for place in _homes(drawn, places, friends)]


def make_demand(
    places: Sequence[Place], *, orders: int, starts_at: datetime, days: int, reach_m: int, time_zone: str, seed: int
) -> list[Demand]:
    """Make up so many orders of as many days, in the order in which they come."""
    drawn = Random(f"{seed}/demand")  # a model, no secret
    made = [
        _order(drawn, place, starts_at, days, reach_m=reach_m, time_zone=time_zone)
        for place in _homes(drawn, places, orders)
    ]
    return sorted(made, key=lambda order: order.at)


def _homes(drawn: Random, places: Sequence[Place], count: int) -> list[str]:
    chosen = drawn.choices(places, weights=[place.people for place in places], k=count)
    return [_near(drawn, place) for place in chosen]


def _near(drawn: Random, place: Place) -> str:
    reach = SCATTER_M / METRES_A_DEGREE
    north = drawn.uniform(-reach, reach)
    east = drawn.uniform(-reach, reach) / cos(radians(place.latitude))
    return on_sphere(place.latitude + north, place.longitude + east)


def _person(drawn: Random, position: str, starts_at: datetime, days: int) -> Person:
    is_newcomer = drawn.random() < NEWCOMERS
    joined_at = starts_at + timedelta(days=drawn.uniform(0, days / 2)) if is_newcomer else starts_at
    is_own = drawn.random() < OWN
    skills = [(COMMON_SKILL, 0)]
    if drawn.random() < SECOND_SKILL:
        skills.append((OTHER_SKILL, 0))
    if drawn.random() < CERTIFIED:
        skills.append((CERTIFIED_SKILL, FRIENDS_GRADE))
    week = sum(bit(day, part) for day in range(7) for part in Part if drawn.random() < FREE[part])
    facts = Facts(
        friend_id=UUID(int=drawn.getrandbits(128)),
        chord_m=0.0,
        is_active=True,
        born_on=date(1990, 1, 1),
        radius_m=drawn.randrange(10_000, 40_001, 1_000),
        languages=("de", "en") if drawn.random() < 0.4 else ("de",),
        skills=tuple(skills),
        free_week=week,
        exceptions=(),
        open_jobs=0,
        max_open_jobs=3,
        waiting_since=joined_at if is_newcomer else starts_at - timedelta(days=drawn.uniform(0, 14)),
        is_newcomer=is_newcomer,
    )
    in_crowd = not is_own or drawn.random() < SHARED
    return Person(facts, position, is_own, in_crowd, joined_at, eagerness=drawn.uniform(0.5, 1.5))


def _order(drawn: Random, position: str, starts_at: datetime, days: int, *, reach_m: int, time_zone: str) -> Demand:
    local = starts_at.astimezone(ZoneInfo(time_zone)).replace(minute=0, second=0, microsecond=0)
    [hour] = drawn.choices(list(HOURS), weights=list(HOURS.values()))
    at = local.replace(hour=hour) + timedelta(days=drawn.randrange(days), minutes=drawn.randrange(60))
    [skill] = drawn.choices(
        [(COMMON_SKILL, 0), (OTHER_SKILL, 0), (CERTIFIED_SKILL, FRIENDS_GRADE)], weights=[70, 20, 10]
    )
    wished = drawn.sample(range(1, 7 * PARTS_A_DAY), k=drawn.choice([2, 3]))
    windows = [(at.date() + timedelta(days=1 + place // PARTS_A_DAY), place % PARTS_A_DAY) for place in wished]
    wanted = Wanted(
        skills=(skill,),
        position=position,
        reach_m=reach_m,
        tenant_id=1,
        windows=tuple(sorted(windows)),
        languages=("de",),
    )
    return Demand(at.astimezone(starts_at.tzinfo), wanted, time_zone)
