"""What happens to an order that nobody takes: who is asked when, and how it ends. Pure, from the terms alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dispatch.terms import Hours, Terms
from tenants.models import LastResort

# The hours for which managers are shown a plan besides this moment: a morning and a late evening.
SHOWN_HOURS = (9, 22)


class StepKind(StrEnum):
    """What happens at a step."""

    PLACED = "placed"
    OWN = "own"
    CROWD = "crowd"
    SHUT = "shut"
    WIDER = "wider"
    DESK = "desk"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Step:
    """One step: a wave has a running number, its seats, and the moment until which friends may answer."""

    kind: StepKind
    at: datetime
    until: datetime | None = None
    number: int = 0
    seats: int = 0


def plan(terms: Terms, *, placed_at: datetime, time_zone: str, hours: Hours | None) -> list[Step]:
    """Return the steps of a search in which everybody is asked and nobody answers.

    Questions, which let a wave's clock rest, and refusals, which end a wave early, are left out. The shared crowd
    stands for all communities outside the own one; contracts let jobs pass to them within ``hours``, or not at all.
    """
    steps, at, number = [Step(StepKind.PLACED, placed_at)], placed_at, 0
    for kind in _waves(terms):
        opens = terms.opens_at(at, time_zone)
        if kind == StepKind.CROWD:
            passes_at = None if hours is None else terms.passes_at(hours, opens, time_zone)
            if passes_at is None:
                steps += [Step(StepKind.SHUT, at)] * (steps[-1].kind != StepKind.SHUT)
                continue
            opens = passes_at
        number += 1
        at = terms.wave_ends_at(opens, time_zone)
        steps.append(Step(kind, opens, at, number, terms.wave_size))
    # A search ends when the next wave would open.
    ends = terms.opens_at(at, time_zone)
    last = StepKind.CANCELLED if terms.last_resort == LastResort.CANCEL else StepKind.DESK
    return [*steps, Step(last, ends)]


def plan_moments(now: datetime, time_zone: str) -> list[datetime]:
    """Return this moment, the next 9:00 and the next 22:00 of a place, in its local time."""
    local = now.astimezone(ZoneInfo(time_zone)).replace(second=0, microsecond=0)
    return [local, *(_next(local, hour) for hour in SHOWN_HOURS)]


def _waves(terms: Terms) -> Iterator[StepKind]:
    yield from [StepKind.OWN] * terms.own_waves
    if terms.overflows:
        yield from [StepKind.CROWD] * terms.crowd_waves
    if terms.last_resort == LastResort.WIDER:
        yield StepKind.WIDER


def _next(local: datetime, hour: int) -> datetime:
    strikes = local.replace(hour=hour, minute=0, fold=0)
    return strikes if strikes > local else strikes + timedelta(days=1)
