"""The simulator of dispatch (R14, R17, R25)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from math import dist
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dispatch.models import Job, Offer
from dispatch.offering.plan import StepKind
from dispatch.selectors import wanted_by
from dispatch.simulation.behaviour import answer
from dispatch.simulation.figures import figures_of, gini
from dispatch.simulation.grid import Grid
from dispatch.simulation.month import ALL_DAY, Month, play
from dispatch.simulation.people import Place, make_crowd, make_demand
from dispatch.simulation.sources import crowd_of, demand_of, places_of
from dispatch.terms import Hours, Terms, terms_of
from kernel.clock import now
from tenants.context import platform_context
from tenants.models import LastResort, Tenant
from tests.bench.fairness import compare_fairness
from tests.cast import Cast, book, register_friend
from tests.dispatch.test_terms import is_quiet

START = datetime(2026, 11, 1, tzinfo=UTC)
ZONE = "Europe/Zurich"
# Two towns 60 km apart and a village between them.
PLACES = [Place(47.37, 8.54, 400_000), Place(46.95, 7.44, 130_000), Place(47.2, 7.9, 5_000)]


def month(terms: Terms, *, friends: int = 60, orders: int = 150, seed: int = 4, reach_m: int = 50_000) -> Month:
    """Play a small month."""
    crowd = make_crowd(PLACES, friends=friends, starts_at=START, days=30, seed=seed)
    demand = make_demand(PLACES, orders=orders, starts_at=START, days=30, reach_m=reach_m, time_zone=ZONE, seed=seed)
    return play(crowd, demand, terms, seed=seed)


def test_the_same_seed_gives_the_same_month_and_another_one_another() -> None:
    assert figures_of(month(Terms())) == figures_of(month(Terms()))
    assert figures_of(month(Terms())) != figures_of(month(Terms(), seed=5))


@given(
    st.builds(
        Terms,
        wave_size=st.integers(1, 6),
        newcomer_seat=st.booleans(),
        own_waves=st.integers(0, 3),
        overflows=st.booleans(),
        crowd_waves=st.integers(0, 3),
        wave_minutes=st.integers(1, 600),
        quiet_from=st.just(21),
        quiet_until=st.just(7),
        last_resort=st.sampled_from(LastResort.values),
    ),
    st.integers(0, 1_000),
)
@hypothesis_settings(max_examples=25, deadline=None)
def test_the_invariants_of_dispatch_hold_in_every_month(terms: Terms, seed: int) -> None:
    played = month(terms, friends=25, orders=40, seed=seed)

    assert all(search.is_over for search in played.searches)
    most_waves = terms.own_waves + terms.crowd_waves * terms.overflows + (terms.last_resort == LastResort.WIDER)
    for search in played.searches:
        assert search.wave <= most_waves
        assert search.offers == len(search.asked) <= most_waves * terms.wave_size
        assert (search.kind is None) == (search.accepted_at is None)
    assert sum(life.jobs for life in played.lives) == sum(search.kind is not None for search in played.searches)
    assert sum(life.offers for life in played.lives) == sum(search.offers for search in played.searches)
    assert all(life.open_jobs == 0 for life in played.lives)
    first = [life.first_offer_at for life in played.lives if life.first_offer_at]
    assert not any(is_quiet(terms, at, ZONE) for at in first)


def test_a_friend_never_has_more_open_jobs_than_allowed() -> None:
    crowd = make_crowd(PLACES[:1], friends=2, starts_at=START, days=30, seed=1)
    eager = [
        replace(
            one,
            eagerness=50.0,
            is_own=True,
            joined_at=START,
            facts=one.facts.but(free_week=2**21 - 1, max_open_jobs=1, radius_m=50_000, skills=((1, 0), (2, 0), (3, 1))),
        )
        for one in crowd
    ]
    demand = make_demand(PLACES[:1], orders=40, starts_at=START, days=1, reach_m=50_000, time_zone=ZONE, seed=1)

    played = play(eager, demand, Terms(wave_minutes=1_000), seed=1)

    # Two friends, a day of at least so long a job: none of them can take a second one in time.
    assert sum(life.jobs for life in played.lives) <= 4
    assert sum(search.kind is None for search in played.searches) >= 36


def test_orders_pass_to_the_crowd_only_by_a_contract_and_in_its_hours() -> None:
    crowd = make_crowd(PLACES, friends=60, starts_at=START, days=30, seed=4)
    demand = make_demand(PLACES, orders=150, starts_at=START, days=30, reach_m=50_000, time_zone=ZONE, seed=4)

    def taken_outside(hours: Hours | None) -> list[datetime]:
        played = play(crowd, demand, Terms(own_waves=1, wave_minutes=30), seed=4, hours=hours)
        return [one.accepted_at for one in played.searches if one.accepted_at and one.kind == StepKind.CROWD]

    mornings = [at.astimezone(ZoneInfo(ZONE)) for at in taken_outside(Hours(8, 10))]

    assert taken_outside(None) == []
    assert len(taken_outside(ALL_DAY)) > 5
    assert mornings
    # Who is asked in the last minute of the hours has as long for the answer as anybody.
    assert all(8 * 60 <= at.hour * 60 + at.minute < 10 * 60 + 2 * 30 for at in mornings)


def test_waves_go_to_the_own_community_first_and_overflow_only_where_allowed() -> None:
    shut = month(Terms(overflows=False))
    open_ = month(Terms(overflows=True))

    assert not any(search.kind == StepKind.CROWD for search in shut.searches)
    assert any(search.kind == StepKind.CROWD for search in open_.searches)
    assert figures_of(open_).filled > figures_of(shut).filled


def test_a_wider_look_fills_more() -> None:
    narrow = figures_of(month(Terms(overflows=False, own_waves=1), reach_m=8_000))
    wider = figures_of(month(Terms(overflows=False, own_waves=1, last_resort=LastResort.WIDER), reach_m=8_000))

    assert narrow.filled_wider == 0 < wider.filled_wider
    assert wider.filled > narrow.filled


@given(st.integers(0, 10_000), st.floats(500, 80_000))
@hypothesis_settings(max_examples=50)
def test_the_grid_finds_whom_brute_force_finds(seed: int, reach: float) -> None:
    drawn = Random(seed)
    points = [(drawn.uniform(-9e4, 9e4), drawn.uniform(-9e4, 9e4), drawn.uniform(-9e4, 9e4)) for _point in range(60)]
    here = points.pop()

    found = Grid(points).within(here, reach)

    by_force = sorted((dist(here, one), place) for place, one in enumerate(points))
    assert [place for _distance, place in found] == [place for distance, place in by_force if distance <= reach]


def test_people_asked_at_night_answer_after_they_are_up() -> None:
    night = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    said = [
        answer(seed=1, order=order, person=1, eagerness=1.0, distance_m=3_000, asked_at=night, time_zone=ZONE).at
        for order in range(50)
    ]

    assert any(said)
    assert all(at is None or at >= datetime(2026, 11, 25, 6, 0, tzinfo=UTC) for at in said)


def test_people_say_yes_less_often_the_farther_away_it_is() -> None:
    def yes(distance_m: int) -> int:
        return sum(
            answer(
                seed=1, order=order, person=1, eagerness=1.0, distance_m=distance_m, asked_at=START, time_zone=ZONE
            ).says_yes
            for order in range(500)
        )

    assert yes(2_000) > yes(15_000) > yes(60_000) > 0


@pytest.mark.parametrize(("values", "expected"), [([], 0.0), ([0, 0], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 4], 0.75)])
def test_gini_tells_equal_from_unequal(values: list[int], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


def test_a_thousand_orders_over_two_thousand_friends_take_seconds() -> None:
    began = perf_counter()

    played = month(Terms(), friends=2_000, orders=1_000)

    assert len(played.searches) == 1_000
    assert perf_counter() - began < 30


def test_newcomers_have_a_first_offer_within_a_week_thanks_to_their_seat(db: None) -> None:
    """The figure `dispatch-fairness`: 200 friends, 1,000 orders, seeded; the median of days to a first offer."""
    with_seat, without = compare_fairness()

    assert with_seat.orders == without.orders == 1_000
    assert with_seat.friends == 200
    assert with_seat.first_offer_days is not None
    assert with_seat.first_offer_days < 7
    assert without.first_offer_days is not None
    assert with_seat.first_offer_days < without.first_offer_days
    assert with_seat.offers_gini < without.offers_gini
    assert with_seat.newcomers_without_offer <= without.newcomers_without_offer


def test_the_simulation_gives_the_first_seats_to_whom_dispatch_gives_them(
    nord: Tenant, four_near: Cast, clock: object
) -> None:
    """Engine and simulation are held together by the same jobs over the same crowd."""
    for km, name in enumerate(("Finn", "Gabi", "Hugo"), start=6):
        register_friend(name, km=km, communities=[nord.pk])
    register_friend("Ida", km=2, in_shared_crowd=True)
    book(nord)
    before = now() - timedelta(days=30)
    with platform_context():
        crowd = crowd_of(nord, starts_at=before)
        [order] = demand_of(nord, since=before, until=now())
        asked = set(Offer.objects.values_list("friend_id", flat=True))
        assert order.wanted == wanted_by(Job.objects.get(), now=now())

    ready = [replace(person, joined_at=order.at) for person in crowd]
    played = play(ready, [order], replace(terms_of(nord), own_waves=1, overflows=False), seed=1)

    assert len(asked) == 4
    assert played.searches[0].asked == asked


def run(*arguments: str) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("dispatch", "simulate", *arguments, stdout=out)
    return out.getvalue()


SMALL = ("--country", "CH", "--friends", "40", "--orders", "60", "--seed", "4")


def test_the_command_compares_two_sets_of_rules_side_by_side(db: None) -> None:
    printed = run(*SMALL, "--set", "wave_size=3", "--against", "newcomer_seat=false", "--against", "wave_size=3")

    for shown in ("Filled", "unfilled", "Gini", "first offer", "These rules", "Against", "newcomer_seat: yes → no"):
        assert shown in printed


def test_the_command_speaks_json(db: None) -> None:
    said = json.loads(run(*SMALL, "--json", "--against", "overflows=false"))

    assert said["figures"]["orders"] == 60
    assert said["rules"]["overflows"] is True
    assert said["against"]["rules"]["overflows"] is False
    assert said["against"]["figures"]["filled_crowd"] == 0


def test_the_command_replays_a_partners_month_and_writes_nothing(nord: Tenant, four_near: Cast) -> None:
    book(nord)
    with platform_context():
        before = (Job.objects.count(), Offer.objects.count())

    said = json.loads(run("--partner", "nord", "--json", "--set", "quiet_from=22", "--set", "quiet_until=7"))

    assert (said["figures"]["orders"], said["figures"]["friends"]) == (1, 4)
    assert said["rules"]["quiet_from"] == 22
    with platform_context():
        assert (Job.objects.count(), Offer.objects.count()) == before
    nord.refresh_from_db()
    assert nord.quiet_from is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "wave_size=many"), "wave_size"),
        (("--set", "speed=9"), "There is no rule “speed”"),
        (("--set", "wave_size"), "key=value"),
        (("--set", "wave_size=0"), "1 to 20"),
        (("--set", "quiet_from=7", "--set", "quiet_until=7"), "never end"),
        (("--set", "last_resort=shrug"), "last_resort"),
        (("--friends", "0"), "at least 1"),
        (("--country", "XX"), "XX"),
        (("--partner", "nobody"), "no partner"),
        (("--partner", "sued"), "no jobs"),
    ],
)
def test_the_command_refuses_nonsense_in_one_line(db: None, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_places_are_real_and_in_one_order(db: None) -> None:
    places = places_of(["CH"])

    assert len(places) > 1_000
    assert places == places_of(["CH"])
