"""Who is there and what is ordered in a month, whatever the rules: a partner's own, or made up. Run on the platform."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dispatch.simulation.people import Demand, Person, make_crowd, make_demand
from dispatch.simulation.sources import crowd_of, demand_of, places_of
from places.countries import COUNTRIES
from tenants.models import Tenant

DAYS = 30
# A made-up month always begins on the same day, so that a seed always gives the same.
MADE_UP_MONTH = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Scenario:
    """The people and the orders of a month."""

    crowd: list[Person]
    demand: list[Demand]


def own_month(tenant: Tenant, *, now: datetime) -> Scenario:
    """Return a partner's last 30 days and the friends that it could have asked (6 queries)."""
    since = now - timedelta(days=DAYS)
    return Scenario(crowd_of(tenant, starts_at=since), demand_of(tenant, since=since, until=now))


def made_up_month(*, country: str, friends: int, orders: int, reach_m: int, seed: int) -> Scenario:
    """Make up a month at real postal codes of a country (1 query).

    Raises ValueError where the country has no postal codes yet.
    """
    places = places_of([country])
    if not places:
        raise ValueError("There are no postal codes yet; run: manage.py import_postal_codes.")
    crowd = make_crowd(places, friends=friends, starts_at=MADE_UP_MONTH, days=DAYS, seed=seed)
    demand = make_demand(
        places,
        orders=orders,
        starts_at=MADE_UP_MONTH,
        days=DAYS,
        reach_m=reach_m,
        time_zone=COUNTRIES[country].time_zone,
        seed=seed,
    )
    return Scenario(crowd, demand)
