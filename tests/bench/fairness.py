"""How soon newcomers get a first offer: a seeded month with and without their seat."""

from collections.abc import Iterator
from datetime import UTC, datetime

from dispatch.simulation.figures import Figures, figures_of
from dispatch.simulation.month import play
from dispatch.simulation.people import make_crowd, make_demand
from dispatch.simulation.sources import places_of
from dispatch.terms import Terms
from tenants.context import platform_context
from tests.bench.figures import Figure

FRIENDS, ORDERS, DAYS, SEED = 200, 1_000, 30, 4
STARTS_AT = datetime(2026, 11, 1, tzinfo=UTC)
COUNTRY, TIME_ZONE = "CH", "Europe/Zurich"


def compare_fairness() -> tuple[Figures, Figures]:
    """Return the figures of one month with the newcomers' seat and without it."""
    with platform_context():
        places = places_of([COUNTRY])
    crowd = make_crowd(places, friends=FRIENDS, starts_at=STARTS_AT, days=DAYS, seed=SEED)
    demand = make_demand(
        places,
        orders=ORDERS,
        starts_at=STARTS_AT,
        days=DAYS,
        reach_m=Terms().reach_m,
        time_zone=TIME_ZONE,
        seed=SEED,
    )
    with_seat, without = (figures_of(play(crowd, demand, Terms(newcomer_seat=has), seed=SEED)) for has in (True, False))
    return with_seat, without


def dispatch_fairness() -> Iterator[Figure]:
    """Wait for a first offer, as a median of the newcomers; the baseline is the same month without their seat."""
    with_seat, without = compare_fairness()
    if with_seat.first_offer_days is None:
        raise RuntimeError("Half of the newcomers had no offer at all.")
    yield Figure(
        "dispatch-fairness",
        with_seat.first_offer_days,
        "days",
        baseline=without.first_offer_days,
        more={
            "gini_offers": with_seat.offers_gini,
            "gini_offers_without": without.offers_gini,
            "accept_minutes_p50": with_seat.accept_minutes_p50,
            "accept_minutes_p50_without": without.accept_minutes_p50,
            "newcomers_without_offer": with_seat.newcomers_without_offer,
            "newcomers_without_offer_without": without.newcomers_without_offer,
        },
    )
