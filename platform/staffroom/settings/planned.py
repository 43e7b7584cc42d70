"""What would happen to an order by a partner's rules, in words: shown beside the rules before they are saved (R17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dispatch.offering.plan import Step, StepKind, plan, plan_moments
from dispatch.overflow.gate import hours_outside
from dispatch.terms import WIDER_TIMES, terms_of
from kernel.wording.dates import Place, write_moment
from staffroom.settings.words import METRES_A_KM
from tenants.models import Tenant


@dataclass(frozen=True)
class PlannedStep:
    """One line: when, what happens, and until when friends may answer (empty where nobody is asked)."""

    at: datetime
    clock: str
    text: str
    until: str = ""


@dataclass(frozen=True)
class Planned:
    """What happens to an order that is placed at one moment."""

    title: str
    steps: list[PlannedStep]


def plans_of(tenant: Tenant, *, now: datetime) -> list[Planned]:
    """Return the plans for an order placed now, in the morning and late in the evening, if nobody says yes."""
    terms, zone = terms_of(tenant), tenant.time_zone
    hours = hours_outside(tenant.pk, today=timezone.localdate(now, ZoneInfo(zone)))
    plans = []
    with timezone.override(zone):
        for moment in plan_moments(now, zone):
            steps = plan(terms, placed_at=moment, time_zone=zone, hours=hours)
            # Each line names the day only where it is another one than the line before.
            befores = [moment, *(step.until or step.at for step in steps)]
            lines = [_line(step, before, tenant) for step, before in zip(steps, befores, strict=False)]
            plans.append(Planned(_title(moment, now), lines))
    return plans


def _title(moment: datetime, now: datetime) -> str:
    if moment <= now:
        return _("An order placed now")
    return _("An order placed at %(time)s") % {"time": date_format(moment, "H:i")}


def _line(step: Step, before: datetime, tenant: Tenant) -> PlannedStep:
    return PlannedStep(step.at, _clock(step.at, before), _text(step, tenant), _until(step.until, step.at))


def _clock(at: datetime, before: datetime) -> str:
    """Write the time, with the day where it is another one than that of the moment before."""
    return _hour(at) if _is_same_day(at, before) else write_moment(at, "short_moment")


def _until(at: datetime | None, before: datetime) -> str:
    """Write until when, with the day where it is another one than that of the moment before."""
    if at is None or not _is_same_day(at, before):
        return write_moment(at, "short_moment", Place.UNTIL)
    return _("until %(time)s") % {"time": _hour(at)}


def _is_same_day(at: datetime, other: datetime) -> bool:
    return timezone.localdate(at) == timezone.localdate(other)


def _hour(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


def _text(step: Step, tenant: Tenant) -> str:
    if step.kind in _WAVES:
        kilometres = WIDER_TIMES * tenant.reach_m / METRES_A_KM
        return _WAVES[step.kind](step.seats) % {
            "number": step.number,
            "seats": step.seats,
            "km": number_format(kilometres, 0 if kilometres == int(kilometres) else 1),
        }
    return {
        StepKind.PLACED: _("The order is placed"),
        StepKind.SHUT: _("No contract on overflow opens another community, so nobody outside is asked"),
        StepKind.DESK: _("Nobody was found: the order goes to the managers, and the customer is notified"),
        StepKind.CANCELLED: _("Nobody was found: the order is cancelled, and the customer and managers are notified"),
    }[step.kind]


def _own_wave(seats: int) -> str:
    return ngettext(
        "Round %(number)d: %(seats)d friend of the community is asked",
        "Round %(number)d: %(seats)d friends of the community are asked",
        seats,
    )


def _crowd_wave(seats: int) -> str:
    return ngettext(
        "Round %(number)d: %(seats)d friend of the shared crowd is asked",
        "Round %(number)d: %(seats)d friends of the shared crowd are asked",
        seats,
    )


def _wider_wave(seats: int) -> str:
    return ngettext(
        "Round %(number)d: %(seats)d friend up to %(km)s km away is asked",
        "Round %(number)d: %(seats)d friends up to %(km)s km away are asked",
        seats,
    )


_WAVES: dict[StepKind, Callable[[int], str]] = {
    StepKind.OWN: _own_wave,
    StepKind.CROWD: _crowd_wave,
    StepKind.WIDER: _wider_wave,
}
