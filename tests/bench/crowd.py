"""The search for the nearest four at any size, against brute force, the naive query and a bare scan of its index."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from crowd.eligibility import Facts, Wanted, reasons_against
from crowd.models import Friend
from crowd.selectors import _NEAREST, _params, considered_candidates, nearest_candidates
from crowd.services import move_friend, pause_friend
from dispatch.offering.seats import NEWCOMERS_LOOKED_AT, Rule, give_seats
from kernel.clock import now
from kernel.geo import EARTH_RADIUS_M
from skills.services import define_skill
from tests.bench.figures import Figure
from tests.bench.million import COMMUNITIES, SIZES, a_million, random_wanted
from tests.crowd.crowds import RandomCrowd, facts_of_all

SEARCHES = 600
NAIVE_SEARCHES = 20
CASES = 10_000
UPDATES = 300

# What most projects do: distances of everybody with the skill, sorted. Eligibility as ours, without the box.
_NAIVE = """
SELECT f.id, 2 * 6371008.8 * asin(sqrt(
           sin(radians(p.latitude - %(latitude)s) / 2) ^ 2 + cos(radians(p.latitude)) * cos(radians(%(latitude)s))
           * sin(radians(p.longitude - %(longitude)s) / 2) ^ 2)) AS metres
  FROM public.crowd_candidate c
  JOIN public.crowd_friend f ON f.id = c.friend_id
  JOIN bench_place p ON p.friend_id = f.id
 WHERE c.skill_id = %(skill)s AND c.community = %(community)s AND f.is_active AND f.born_on <= %(adult_on)s
   AND f.open_jobs < f.max_open_jobs AND (f.paused_until IS NULL OR f.paused_until <= %(now)s)
   AND f.languages && %(languages)s::varchar[]
 ORDER BY metres LIMIT 4
"""
# A walk along the same index over as many candidates as the search had to pass.
_BARE = (
    "SELECT friend_id FROM public.crowd_passed(%(community)s, %(skill)s, %(here)s::cube, %(reach_chord)s, %(passed)s)"
)


def nearest_four() -> Iterator[Figure]:
    """Find the nearest four with all rules of eligibility; baseline is the naive query in the same run.

    ``…-service`` is the whole choice of a wave with its explanation, ``…-bare`` the ratio to a bare scan of the same
    index over as many candidates as the search had to pass.
    """
    with a_million():
        for size in SIZES:
            for rare in (False, True):
                yield from _at(size, rare=rare)
    yield from _exactness()


def _at(size: str, *, rare: bool) -> Iterator[Figure]:
    name = f"nearest-four-{size}{'-rare' if rare else ''}"
    community, random = COMMUNITIES[size], Random(7)
    wishes = [random_wanted(random, size, rare=rare) for _search in range(SEARCHES)]
    params = [_params(one, community=community, count=4, now=now(), exclude=()) for one in wishes]
    naive = _timed(lambda one: _run(_NAIVE, one | _degrees(one["here"])), params[:NAIVE_SEARCHES])
    passed = [one | {"passed": _passed(one)} for one in params]
    ours, bare = _in_turns(lambda one: _run(_NEAREST, one), lambda one: _run(_BARE, one), passed)
    yield Figure(name, _median(ours), "ms", _p99(ours), _median(naive))
    yield Figure(f"{name}-bare", _median(ours), "ms", _p99(ours), _median(bare))
    service = _timed(lambda one: nearest_candidates(one, community=community, count=4, now=now()), wishes)
    yield Figure(f"{name}-service", _median(service), "ms", _p99(service))
    choice = _timed(lambda one: _choose(one, community), wishes)
    yield Figure(f"{name}-wave", _median(choice), "ms", _p99(choice))


def _choose(wanted: Wanted, community: int) -> object:
    moment = now()
    considered = considered_candidates(wanted, community=community, count=4, newcomers=NEWCOMERS_LOOKED_AT, now=moment)
    return give_seats(considered, wanted=wanted, rule=Rule(), now=moment)


def _passed(params: dict[str, Any]) -> int:
    """Return how many candidates any exact search has to walk: to the next eligible one after the fourth.

    Only that one shows that nobody ties with the fourth; where there is none, the whole reach has to be walked.
    """
    found = _run(_NEAREST, params | {"count": 5})
    within = found[-1][1] if len(found) == 5 else params["reach_chord"]
    [(count,)] = _run(
        "SELECT count(*) FROM public.crowd_passed(%(community)s, %(skill)s, %(here)s::cube, %(within)s, 1000000)",
        params | {"within": within},
    )
    return max(int(count), 1)


def _exactness() -> Iterator[Figure]:
    """Compare 10,000 random cases with brute force over every friend; how many differ."""
    differ = 0
    with transaction.atomic():
        skills = [define_skill(slug=f"exact-{number}", names={"en": "Exact"}).pk for number in range(3)]
        crowd = RandomCrowd(Random(11), count=2_000, community=9_999_999, skills=skills, now=now())
        moment = now()
        everybody = {one.friend_id: one for one in facts_of_all(crowd, crowd.wanted())}
        points = {
            pk: _point(position)
            for pk, position in Friend.objects.filter(pk__in=everybody).values_list("pk", "position")
        }
        for _case in range(CASES):
            wanted = crowd.wanted()
            found = nearest_candidates(wanted, community=crowd.community, count=4, now=moment)
            expected = _by_force(everybody, points, wanted, moment)
            differ += [(one.friend_id, one.distance_m) for one in found] != expected
        transaction.set_rollback(True)
    yield Figure("nearest-four-exact.cases", CASES, "cases")
    yield Figure("nearest-four-exact.wrong", differ, "cases")


def _by_force(
    everybody: dict[UUID, Facts], points: dict[UUID, tuple[float, ...]], wanted: Wanted, moment: Any
) -> list[tuple[UUID, int]]:
    here = _point(wanted.position)
    chords = {pk: sum((a - b) ** 2 for a, b in zip(point, here, strict=True)) ** 0.5 for pk, point in points.items()}
    found = []
    for pk in sorted(everybody, key=lambda pk: (chords[pk], everybody[pk].waiting_since, pk)):
        facts = everybody[pk].but(chord_m=chords[pk])
        if not reasons_against(facts, wanted, now=moment):
            found.append((pk, facts.distance_m))
            if len(found) == 4:
                break
    return found


def availability_update() -> Iterator[Figure]:
    """Pause a friend, and move one, among a million; the baseline is a bare update of one row of the same table."""
    with a_million():
        random = Random(3)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT friend_id FROM public.crowd_membership WHERE community = %s LIMIT 20000", [COMMUNITIES["1m"]]
            )
            ids = [friend_id for (friend_id,) in cursor.fetchall()]
        some = [random.choice(ids) for _update in range(UPDATES)]
        bare = _timed(lambda pk: _run("UPDATE public.crowd_friend SET about = about WHERE id = %s", [pk]), some)
        until = now() + timedelta(days=1)
        pause = _timed(lambda pk: pause_friend(friend_id=pk, until=until), some)
        yield Figure("availability-update", _median(pause), "ms", _p99(pause), _median(bare))
        friends = [Friend.objects.get(pk=pk) for pk in some]
        move = _timed(
            lambda friend: move_friend(friend=friend, latitude=52.5, longitude=13.4 + random.random() / 10), friends
        )
        yield Figure("availability-update.move", _median(move), "ms", _p99(move), _median(bare))


def _run(sql: str, params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def _timed(act: Callable[[Any], object], cases: Iterable[Any]) -> list[float]:
    """Return the milliseconds of each case, after one round that warms up."""
    known = list(cases)
    for one in known:
        act(one)
    taken = []
    for one in known:
        begun = time.perf_counter()
        act(one)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _in_turns(
    act: Callable[[Any], object], other: Callable[[Any], object], cases: list[Any]
) -> tuple[list[float], list[float]]:
    """Time two things case by case in turns, so that whatever else the machine does meets both alike."""
    _timed(act, cases)
    ours: list[float] = []
    theirs: list[float] = []
    for one in cases:
        for taken, run in ((ours, act), (theirs, other)):
            begun = time.perf_counter()
            run(one)
            taken.append((time.perf_counter() - begun) * 1000)
    return ours, theirs


def _degrees(cube: str) -> dict[str, float]:
    [(latitude, longitude)] = _run(
        "SELECT degrees(asin(cube_ll_coord(%s::cube, 3) / %s)),"
        " degrees(atan2(cube_ll_coord(%s::cube, 2), cube_ll_coord(%s::cube, 1)))",
        [cube, EARTH_RADIUS_M, cube, cube],
    )
    return {"latitude": latitude, "longitude": longitude}


def _point(cube: str) -> tuple[float, ...]:
    return tuple(float(part) for part in cube.strip("()").split(","))


def _median(taken: list[float]) -> float:
    return round(statistics.median(taken), 3)


def _p99(taken: list[float]) -> float:
    return round(statistics.quantiles(taken, n=100)[98], 3)
