"""A partner's managers try other rules of dispatch on a month of orders before they switch to them (R17).

A run lives in the cache for a day: nothing depends on it, and one that is lost is started again. The worker begins a
run anew that it had not finished, since nothing of it is kept before its end.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.cache import cache

from dispatch.overflow.gate import hours_outside
from dispatch.simulation.figures import figures_of, shares_of
from dispatch.simulation.month import Month, play
from dispatch.simulation.scenarios import DAYS, Scenario, made_up_month, own_month
from dispatch.simulation.sources import has_demand
from dispatch.terms import Hours, Terms, terms_of
from kernel.clock import now as present
from tenants.context import current_tenant, platform_context
from tenants.models import Tenant

KEPT_S = 24 * 3600
# A run of which nothing was heard for so long has lost its worker.
LOST_AFTER = timedelta(seconds=60)
MOST_FRIENDS, MOST_ORDERS = 500, 2_000
SEED = 1
STEP = 0.02

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
LATEST = "simulations"
MOST_LISTED = 10


@dataclass(frozen=True)
class Wanted:
    """What a month is played with: the partner's own one, or where ``friends`` is set one made up in a country."""

    country: str = ""
    friends: int = 0
    orders: int = 0


@dataclass(frozen=True)
class Run:
    """Two sets of rules on one month: how far it is (0 to 1), and in the end the figures and shares of both."""

    id: str
    who: str
    at: str
    heard_at: str
    rules: tuple[dict[str, Any], dict[str, Any]]
    wanted: Wanted
    state: str = WAITING
    share: float = 0.0
    friends: int = 0
    orders: int = 0
    figures: list[dict[str, Any]] = field(default_factory=list)
    shares: list[dict[str, list[float]]] = field(default_factory=list)

    @property
    def started_at(self) -> datetime:
        """When somebody asked for it."""
        return datetime.fromisoformat(self.at)

    @property
    def terms(self) -> list[Terms]:
        """The present rules and the other ones."""
        return [Terms.from_json(rules) for rules in self.rules]

    def is_lost(self, now: datetime) -> bool:
        """Say whether nobody works on it any more."""
        return self.state in {WAITING, RUNNING} and now - datetime.fromisoformat(self.heard_at) > LOST_AFTER


def has_month(tenant: Tenant, *, now: datetime) -> bool:
    """Say whether a partner has had orders that can be played (1 query)."""
    with platform_context():
        return has_demand(tenant, since=now - timedelta(days=DAYS), until=now)


def begin_simulation(*, tenant: Tenant, other: Terms, wanted: Wanted, who: str, now: datetime) -> Run:
    """Note that a partner's present rules shall be compared with others; the worker does the rest. Run inside it."""
    rules = (terms_of(tenant).to_json(), other.to_json())
    run = Run(str(uuid4()), who, now.isoformat(), now.isoformat(), rules, wanted)
    _keep(run)
    cache.set(LATEST, [run.id, *cache.get(LATEST, [])][:MOST_LISTED], KEPT_S)
    return run


def simulation(run_id: str) -> Run | None:
    """Return a run of the partner at hand, or None where it is forgotten."""
    run: Run | None = cache.get(_key(run_id))
    return run


def latest_simulations() -> list[Run]:
    """Return the latest runs of the partner at hand, newest first."""
    return [run for run_id in cache.get(LATEST, []) if (run := simulation(run_id)) is not None]


def carry_out_simulation(run_id: str) -> None:
    """Play the month by both sets of rules and keep what came of it; a run that is done or forgotten stays so.

    Raises what went wrong, after the run says that it failed.
    """
    run = simulation(run_id)
    if run is None or run.state == DONE:
        return
    tenant = current_tenant()
    if tenant is None:
        raise LookupError("A simulation is a partner's.")
    run = _heard(run, state=RUNNING, share=0.0)
    try:
        _keep(_played(run, tenant))
    except Exception:
        _heard(run, state=FAILED)
        raise


def _played(run: Run, tenant: Tenant) -> Run:
    now = present()
    with platform_context():
        scenario = _scenario(run.wanted, tenant, now)
        hours = hours_outside(tenant.pk, today=now.date())
    months = [
        _play(scenario, terms, hours, _Progress(run, scenario, done=place / len(run.terms)))
        for place, terms in enumerate(run.terms)
    ]
    return replace(
        run,
        state=DONE,
        share=1.0,
        friends=len(scenario.crowd),
        orders=len(scenario.demand),
        figures=[figures_of(month).to_json() for month in months],
        shares=[asdict(shares_of(month)) for month in months],
    )


def _play(scenario: Scenario, terms: Terms, hours: Hours | None, watch: Callable[[datetime], None]) -> Month:
    return play(scenario.crowd, scenario.demand, terms, seed=SEED, hours=hours, watch=watch)


def _scenario(wanted: Wanted, tenant: Tenant, now: datetime) -> Scenario:
    if not wanted.friends:
        return own_month(tenant, now=now)
    return made_up_month(
        country=wanted.country, friends=wanted.friends, orders=wanted.orders, reach_m=tenant.reach_m, seed=SEED
    )


class _Progress:
    """Tells the run how far its month is, every few percent."""

    def __init__(self, run: Run, scenario: Scenario, *, done: float) -> None:
        self._run, self._done, self._told = run, done, done
        moments = [order.at for order in scenario.demand]
        self._first = min(moments, default=present())
        self._span = max((max(moments, default=self._first) - self._first).total_seconds(), 1.0)

    def __call__(self, now: datetime) -> None:
        """Take note of the moment that the month has come to."""
        passed = min((now - self._first).total_seconds() / self._span, 1.0)
        share = self._done + passed / len(self._run.rules)
        if share - self._told >= STEP:
            self._told = share
            _heard(self._run, state=RUNNING, share=share)


def _heard(run: Run, *, state: str, share: float | None = None) -> Run:
    heard = replace(run, state=state, share=run.share if share is None else share, heard_at=present().isoformat())
    _keep(heard)
    return heard


def _keep(run: Run) -> None:
    cache.set(_key(run.id), run, KEPT_S)


def _key(run_id: str) -> str:
    return f"simulation:{run_id}"
