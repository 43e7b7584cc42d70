"""A month in figures: who was served, how soon, from how far, and how evenly friends had their share."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import mean, median, quantiles
from typing import Any

from dispatch.offering.plan import StepKind
from dispatch.simulation.month import Month

SECONDS_A_DAY = 24 * 3600
# Where the plots have their marks.
MINUTES = (15, 30, 60, 120, 240, 1_440)
KILOMETRES = (5, 10, 20, 30, 50)
MOST_JOBS = 5


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1, times in minutes or days, distances in km; None where there was nothing to measure.

    ``first_offer_days`` is the median of the newcomers, of whom those without an offer count as waiting for ever.
    """

    orders: int
    filled: float
    filled_own: float
    filled_crowd: float
    filled_wider: float
    unfilled: float
    accept_minutes_p50: float | None
    accept_minutes_p90: float | None
    distance_km_p50: float | None
    distance_km_p90: float | None
    friends: int
    offers_a_friend: float
    offers_gini: float
    jobs_a_friend: float
    jobs_gini: float
    newcomers: int
    newcomers_without_offer: int
    first_offer_days: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


@dataclass(frozen=True)
class Shares:
    """A month in shares from 0 to 1, as plots need it.

    ``filled`` holds the orders that the own community, the shared crowd, a wider look and nobody took,
    ``within_minutes`` those taken within ``MINUTES``, ``by_distance`` of those taken the ones up to ``KILOMETRES`` and
    farther, ``by_jobs`` the friends with no job to ``MOST_JOBS`` and more.
    """

    filled: list[float]
    within_minutes: list[float]
    by_distance: list[float]
    by_jobs: list[float]


def figures_of(month: Month) -> Figures:
    """Measure a month."""
    orders, minutes, kilometres = len(month.searches), accept_minutes(month), distances_km(month)
    share = {kind: sum(one.kind == kind for one in month.searches) / max(orders, 1) for kind in StepKind}
    filled = share[StepKind.OWN] + share[StepKind.CROWD] + share[StepKind.WIDER]
    offers, jobs = [life.offers for life in month.lives], [life.jobs for life in month.lives]
    waits = first_offer_days(month)
    known = [days for days in waits if days is not None]
    return Figures(
        orders=orders,
        filled=round(filled, 4),
        filled_own=round(share[StepKind.OWN], 4),
        filled_crowd=round(share[StepKind.CROWD], 4),
        filled_wider=round(share[StepKind.WIDER], 4),
        unfilled=round(1 - filled, 4),
        accept_minutes_p50=_part(minutes, 50),
        accept_minutes_p90=_part(minutes, 90),
        distance_km_p50=_part(kilometres, 50),
        distance_km_p90=_part(kilometres, 90),
        friends=len(month.lives),
        offers_a_friend=round(mean(offers), 2) if offers else 0.0,
        offers_gini=round(gini(offers), 3),
        jobs_a_friend=round(mean(jobs), 2) if jobs else 0.0,
        jobs_gini=round(gini(jobs), 3),
        newcomers=len(waits),
        newcomers_without_offer=len(waits) - len(known),
        first_offer_days=_median_wait(waits),
    )


def shares_of(month: Month) -> Shares:
    """Measure a month for plots."""
    orders, friends = max(len(month.searches), 1), max(len(month.lives), 1)
    minutes, kilometres = accept_minutes(month), distances_km(month)
    kinds = Counter(one.kind for one in month.searches)
    bands = Counter(bisect_left(KILOMETRES, distance) for distance in kilometres)
    jobs = Counter(min(life.jobs, MOST_JOBS) for life in month.lives)
    return Shares(
        filled=_parts([kinds[StepKind.OWN], kinds[StepKind.CROWD], kinds[StepKind.WIDER], kinds[None]], orders),
        within_minutes=_parts([sum(one <= most for one in minutes) for most in MINUTES], orders),
        by_distance=_parts([bands[band] for band in range(len(KILOMETRES) + 1)], max(len(kilometres), 1)),
        by_jobs=_parts([jobs[count] for count in range(MOST_JOBS + 1)], friends),
    )


def accept_minutes(month: Month) -> list[float]:
    """Return how many minutes each order waited that somebody took."""
    return [
        (one.accepted_at - one.demand.at).total_seconds() / 60 for one in month.searches if one.accepted_at is not None
    ]


def distances_km(month: Month) -> list[float]:
    """Return how far each friend lives from the order that they took."""
    return [one.distance_m / 1000 for one in month.searches if one.accepted_at is not None]


def first_offer_days(month: Month) -> list[float | None]:
    """Return how long each newcomer waited for a first offer; None for those who had none."""
    return [
        (life.first_offer_at - life.person.joined_at).total_seconds() / SECONDS_A_DAY if life.first_offer_at else None
        for life in month.lives
        if life.person.facts.is_newcomer
    ]


def gini(values: Sequence[int]) -> float:
    """Return how unevenly something is shared: 0 where all have the same, towards 1 where one has everything."""
    total = sum(values)
    if not total:
        return 0.0
    size = len(values)
    weighted = sum(place * value for place, value in enumerate(sorted(values), start=1))
    return 2 * weighted / (size * total) - (size + 1) / size


def _parts(counts: Sequence[int], whole: int) -> list[float]:
    return [round(count / whole, 4) for count in counts]


def _median_wait(waits: list[float | None]) -> float | None:
    if not waits:
        return None
    middle = median(float("inf") if days is None else days for days in waits)
    return None if middle == float("inf") else round(middle, 2)


def _part(values: list[float], percent: int) -> float | None:
    if not values:
        return None
    if len(values) == 1:
        return round(values[0], 1)
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1)
