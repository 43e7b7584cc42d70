"""Replay a month of demand by given rules, and compare two sets of rules.

The crowd and the demand are a partner's (``--partner SLUG``: its last 30 days) or made up over real postal codes
(``--friends``, ``--orders``, ``--country``), seeded. How people answer is told in ``dispatch.simulation.behaviour``.
Nothing is written.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotext

from config.dispatch_verbs.rules import differences, terms_with
from dispatch.overflow.gate import hours_outside
from dispatch.simulation.figures import Figures, accept_minutes, figures_of
from dispatch.simulation.month import ALL_DAY, Month, play
from dispatch.simulation.scenarios import DAYS, Scenario, made_up_month, own_month
from dispatch.terms import Terms
from kernel.clock import now
from places.countries import COUNTRIES
from tenants.context import platform_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug

HELP = "Replay a month of orders by some rules, in memory, and print and plot what came of it."
COLUMNS, PLOT_WIDTH, PLOT_HEIGHT = 14, 72, 14
CURVES = (("these rules", "•"), ("against", "+"))

Say = Callable[[str], object]


@dataclass(frozen=True)
class Named(Scenario):
    """A month with what it is called."""

    title: str


def add_arguments(parser: ArgumentParser) -> None:
    """Take the crowd, the demand, the rules and how to tell."""
    parser.add_argument("--partner", metavar="SLUG", help="rules, crowd and the last 30 days of a partner")
    parser.add_argument("--friends", type=int, help="make up so many friends (200)")
    parser.add_argument("--orders", type=int, help="make up so many orders (1000)")
    parser.add_argument("--country", help="where made-up people live (the partner's first country, else CH)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another month (1)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a rule; may be repeated")
    parser.add_argument(
        "--against", action="append", default=[], metavar="KEY=VALUE", help="compare with these rules; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables and plots")


def handle(options: dict[str, Any], *, say: Say) -> None:
    """Play the month once or twice, and tell it."""
    with platform_context():
        tenant = tenant_by_slug(options["partner"]) if options["partner"] else Tenant()
        terms = terms_with(tenant, options["set"])
        other = terms_with(tenant, options["against"]) if options["against"] else None
        scenario = _scenario(tenant, terms, options)
        hours = hours_outside(tenant.pk, today=now().date()) if options["partner"] else ALL_DAY
    sets = [each for each in (terms, other) if each is not None]
    played = [(each, play(scenario.crowd, scenario.demand, each, seed=options["seed"], hours=hours)) for each in sets]
    if options["json"]:
        say(json.dumps(_as_json(scenario, played), indent=2))
        return
    say(scenario.title)
    if hours is None:
        say("No contract on overflow is running, so nothing passes to the shared crowd.")
    elif hours != ALL_DAY:
        say(f"Contracts let orders pass to the shared crowd from {hours.first}:00 to {hours.until}:00.")
    if other:
        say("\n".join(["", "The second column differs in:", *(f"  {line}" for line in differences(terms, other))]))
    say(_table([figures_of(month) for _terms, month in played]))
    say(_plots([month for _terms, month in played]))


def _scenario(tenant: Tenant, terms: Terms, options: dict[str, Any]) -> Named:
    """Read the partner's month, or make one up.

    Raises ValueError where there is nothing to play.
    """
    if options["partner"] and options["friends"] is None and options["orders"] is None:
        found = own_month(tenant, now=now())
        if not found.demand:
            raise ValueError(f"{tenant.name} has had no jobs in {DAYS} days. Make some up: --orders 1000.")
        title = f"{tenant.name}: {len(found.demand)} orders of {DAYS} days, {len(found.crowd)} friends"
        return Named(found.crowd, found.demand, title)
    return _made_up(tenant, terms, options)


def _made_up(tenant: Tenant, terms: Terms, options: dict[str, Any]) -> Named:
    friends, orders = options["friends"] or 200, options["orders"] or 1_000
    if min(friends, orders) < 1 or 0 in (options["friends"], options["orders"]):
        raise ValueError("Please ask for at least 1 friend and at least 1 order.")
    code = options["country"] or (tenant.countries[0] if tenant.countries else "CH")
    if code not in COUNTRIES:
        raise ValueError(f"There is no country “{code}”. There are: {', '.join(COUNTRIES)}.")
    seed = options["seed"]
    made = made_up_month(country=code, friends=friends, orders=orders, reach_m=terms.reach_m, seed=seed)
    title = f"Made up in {code}: {orders} orders of {DAYS} days, {friends} friends, seed {seed}"
    return Named(made.crowd, made.demand, title)


def _as_json(scenario: Named, played: list[tuple[Terms, Month]]) -> dict[str, Any]:
    told = [{"rules": terms.to_json(), "figures": figures_of(month).to_json()} for terms, month in played]
    return {"scenario": scenario.title, **told[0]} | ({"against": told[1]} if len(told) > 1 else {})


def _table(columns: list[Figures]) -> str:
    heads = ["These rules", "Against"][: len(columns)]
    rows: list[tuple[str, Callable[[Figures], str]]] = [
        ("Filled", lambda one: _percent(one.filled)),
        ("  by the own community", lambda one: _percent(one.filled_own)),
        ("  by the shared crowd", lambda one: _percent(one.filled_crowd)),
        ("  by a wider look", lambda one: _percent(one.filled_wider)),
        ("  unfilled", lambda one: _percent(one.unfilled)),
        ("Minutes to accept, median", lambda one: _number(one.accept_minutes_p50)),
        ("Minutes to accept, 90 %", lambda one: _number(one.accept_minutes_p90)),
        ("Kilometres, median", lambda one: _number(one.distance_km_p50)),
        ("Kilometres, 90 %", lambda one: _number(one.distance_km_p90)),
        ("Offers a friend", lambda one: _number(one.offers_a_friend)),
        ("  Gini of offers (0 is even)", lambda one: f"{one.offers_gini:.2f}"),
        ("Jobs a friend", lambda one: _number(one.jobs_a_friend)),
        ("  Gini of jobs (0 is even)", lambda one: f"{one.jobs_gini:.2f}"),
        ("Newcomers", lambda one: str(one.newcomers)),
        ("  days to a first offer, median", lambda one: _number(one.first_offer_days)),
        ("  without any offer", lambda one: str(one.newcomers_without_offer)),
    ]
    lines = ["", " " * 34 + "".join(head.rjust(COLUMNS) for head in heads)]
    lines += [name.ljust(34) + "".join(write(one).rjust(COLUMNS) for one in columns) for name, write in rows]
    return "\n".join(lines)


def _plots(months: list[Month]) -> str:
    """Plot how many orders were taken by when, and how many offers each friend had."""
    taken, offers = [], []
    for month in months:
        minutes = sorted(accept_minutes(month))
        shares = [100 * place / len(month.searches) for place in range(1, len(minutes) + 1)]
        taken.append((minutes, shares))
        counts = sorted(life.offers for life in month.lives)
        offers.append((list(range(1, len(counts) + 1)), counts))
    plots = [
        _plot("Percent of the orders taken after so many minutes", taken),
        _plot("Offers of each friend, from who had fewest to who had most", offers),
    ]
    return "\n" + "\n\n".join(plots)


def _plot(title: str, curves: Sequence[tuple[Sequence[float], Sequence[float]]]) -> str:
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(PLOT_WIDTH, PLOT_HEIGHT)
    plotext.title(title)
    for (name, marker), (across, up) in zip(CURVES, curves, strict=False):
        if across:
            plotext.plot(across, up, label=name, marker=marker)
    return str(plotext.uncolorize(plotext.build()))


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
