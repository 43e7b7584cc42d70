"""What a simulation came to, as bars beside bars and as rows of figures; the templates only draw it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.simulation.figures import KILOMETRES, MINUTES, MOST_JOBS
from journeys.partner.simulate_rules import Run
from kernel.wording.percentages import write_percent

WIDTH, HEIGHT, FOOT, HEAD = 360, 190, 26, 18
MINUTES_AN_HOUR = 60
BAR_OF_GROUP = 0.36


@dataclass(frozen=True)
class Bar:
    """A bar in the coordinates of the drawing, with its value in words; ``is_other`` is the changed rules'."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    value: str
    is_other: bool


@dataclass(frozen=True)
class Mark:
    """A place on the axis: what it is called, and where."""

    label: str
    x: float


@dataclass(frozen=True)
class Plot:
    """Bars of two sets of rules, and the same as rows of a table."""

    slug: str
    title: str
    about: str
    marks: list[Mark]
    bars: list[Bar]
    rows: list[tuple[str, str, str]]
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - FOOT


@dataclass(frozen=True)
class Figure:
    """A line of the table of figures."""

    label: str
    present: str
    other: str


def plots_of(run: Run) -> list[Plot]:
    """Return the four plots of a finished run."""
    return [
        _plot("filled", _("Who takes the orders"), _("Share of all orders."), _takers(), run),
        _plot(
            "within_minutes",
            _("How soon they are taken"),
            _("Share of all orders taken by then."),
            _times(),
            run,
        ),
        _plot("by_distance", _("How far the friend lives"), _("Share of the orders that are taken."), _bands(), run),
        _plot("by_jobs", _("How many jobs friends have"), _("Share of the friends."), _counts(), run),
    ]


def figures_in_words(run: Run) -> list[Figure]:
    """Return the figures of both sets of rules, side by side."""
    rows: list[tuple[str, str, Callable[[Any], str]]] = [
        (_("Orders that somebody takes"), "filled", _percent),
        (_("Minutes until somebody accepts, median"), "accept_minutes_p50", _number),
        (_("Minutes until somebody accepts, 9 of 10 orders"), "accept_minutes_p90", _number),
        (_("Kilometres to the friend, median"), "distance_km_p50", _number),
        (_("Kilometres to the friend, 9 of 10 orders"), "distance_km_p90", _number),
        (_("Offers per friend"), "offers_a_friend", _hundredths),
        (_("Jobs per friend"), "jobs_a_friend", _hundredths),
        (_("Inequality of jobs (0: all have the same)"), "jobs_gini", _hundredths),
        (_("Newcomers without any offer"), "newcomers_without_offer", str),
        (_("Days until a newcomer's first offer, median"), "first_offer_days", _number),
    ]
    present, other = run.figures
    return [Figure(label, write(present[name]), write(other[name])) for label, name, write in rows]


def _plot(slug: str, title: str, about: str, labels: Sequence[str], run: Run) -> Plot:
    both = [shares[slug] for shares in run.shares]
    most = max(max(values, default=0) for values in both) or 1
    group = WIDTH / len(labels)
    bars = []
    for place in range(len(labels)):
        for side, values in enumerate(both):
            bars.append(_bar(values[place], most=most, left=group * place, group=group, side=side))
    rows = [(label, *(_percent(values[place]) for values in both)) for place, label in enumerate(labels)]
    marks = [Mark(label, round(group * (place + 0.5), 1)) for place, label in enumerate(labels)]
    return Plot(slug, title, about, marks, bars, [(label, first, second) for label, first, second in rows])


def _bar(share: float, *, most: float, left: float, group: float, side: int) -> Bar:
    width = group * BAR_OF_GROUP
    x = left + group / 2 - width - 1 if side == 0 else left + group / 2 + 1
    height = (HEIGHT - FOOT - HEAD) * share / most
    x, y, width, height, middle = (round(one, 1) for one in (x, HEIGHT - FOOT - height, width, height, x + width / 2))
    return Bar(x, y, width, height, middle, value=number_format(round(share * 100), 0), is_other=bool(side))


def _takers() -> list[str]:
    return [
        pgettext("plot", "Own community"),
        _("Shared crowd"),
        pgettext("plot", "Wider look"),
        pgettext("plot", "Nobody"),
    ]


def _times() -> list[str]:
    return [f"{most} min" if most < MINUTES_AN_HOUR else f"{most // MINUTES_AN_HOUR} h" for most in MINUTES]


def _bands() -> list[str]:
    return [*(f"≤ {most} km" for most in KILOMETRES), f"> {KILOMETRES[-1]} km"]


def _counts() -> list[str]:
    return [*(str(count) for count in range(MOST_JOBS)), f"{MOST_JOBS}+"]


def _percent(share: float) -> str:
    return write_percent(share * 100, 1)


def _number(value: float | None) -> str:
    return "–" if value is None else number_format(value, 1)


def _hundredths(value: float) -> str:
    return number_format(value, 2)
