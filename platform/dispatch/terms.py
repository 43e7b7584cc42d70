"""A partner's terms of dispatch, as they are copied to each job, and the clock that follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from dispatch.offering.seats import Rule
from tenants.models import LastResort, Tenant

# The last resort WIDER looks so many times as far as the partner allows otherwise.
WIDER_TIMES = 2


@dataclass(frozen=True)
class Hours:
    """The local hours of a day in which jobs may leave their community: from ``first`` to before ``until``."""

    first: int = 0
    until: int = 24

    def opens_at(self, now: datetime, time_zone: str) -> datetime:
        """Return ``now``, or outside the hours the moment at which the next ones begin."""
        zone, opens = ZoneInfo(time_zone), now
        while not self.first <= opens.astimezone(zone).hour < self.until:
            opens = _next_full(self.first, opens, zone)
        return opens


@dataclass(frozen=True)
class Terms:
    """How jobs of a partner are offered. A later change of the settings never touches an open job.

    ``wave_minutes_by_hour`` holds (hour, minutes) pairs by hour: from that local hour on, until the next pair or
    midnight, others than ``wave_minutes`` count. From ``quiet_from`` to ``quiet_until`` (local hours, over midnight
    where from is greater) nobody is asked and no clock runs. Shares and surcharges in basis points.
    """

    wave_size: int = 4
    newcomer_seat: bool = True
    own_waves: int = 2
    overflows: bool = True
    crowd_waves: int = 2
    wave_minutes: int = 30
    wave_minutes_by_hour: tuple[tuple[int, int], ...] = ()
    quiet_from: int | None = None
    quiet_until: int | None = None
    question_rest_minutes: int = 60
    last_resort: str = LastResort.DESK
    contact_hours: int = 12
    reach_m: int = 50_000
    pro_surcharge_bp: int = 5_000
    diagnosis_bp: int = 5_000
    no_show_bp: int = 3_000

    @property
    def rule(self) -> Rule:
        """The partner's choices within the rule of seats."""
        return Rule(wave_size=self.wave_size, newcomer_seat=self.newcomer_seat)

    def minutes_at(self, local: datetime) -> int:
        """Return how many minutes a wave has that opens at a local moment."""
        minutes = self.wave_minutes
        for hour, from_then in self.wave_minutes_by_hour:
            if hour <= local.hour:
                minutes = from_then
        return minutes

    def opens_at(self, now: datetime, time_zone: str) -> datetime:
        """Return ``now``, or within the quiet hours the moment at which they end."""
        quiet = self._quiet_hours
        if quiet is None:
            return now
        zone, opens = ZoneInfo(time_zone), now
        # Twice only where the quiet hours end in the hour that a change of the clocks leaves out.
        while _is_within(quiet, opens.astimezone(zone).hour):
            opens = _next_full(quiet[1], opens, zone)
        return opens

    def passes_at(self, hours: Hours, now: datetime, time_zone: str) -> datetime | None:
        """Return when somebody outside can be asked from ``now`` on; None where a contract's hours are all quiet."""
        heard = self.opens_at(hours.opens_at(now, time_zone), time_zone)
        return heard if hours.opens_at(heard, time_zone) == heard else None

    def wave_ends_at(self, now: datetime, time_zone: str) -> datetime:
        """Return when a wave ends that opens now; what falls into the quiet hours runs on after them."""
        # Differences of moments in one local zone are differences on the wall, an hour wrong when the clocks change.
        opened = self.opens_at(now.astimezone(UTC), time_zone)
        minutes = self.minutes_at(opened.astimezone(ZoneInfo(time_zone)))
        return self.moment_after(opened, timedelta(minutes=minutes), time_zone).astimezone(now.tzinfo)

    def moment_after(self, at: datetime, span: timedelta, time_zone: str) -> datetime:
        """Return the moment at which the clock has run for so long; in the quiet hours it stands still."""
        zone, quiet, left = ZoneInfo(time_zone), self._quiet_hours, span
        moment = self.opens_at(at.astimezone(UTC), time_zone)
        while quiet is not None and moment + left > (begins := _next_full(quiet[0], moment, zone)):
            left -= begins - moment
            moment = self.opens_at(begins, time_zone)
        return (moment + left).astimezone(at.tzinfo)

    def running_between(self, start: datetime, end: datetime, time_zone: str) -> timedelta:
        """Return for how long the clock runs from one moment to a later one."""
        zone, quiet, ran = ZoneInfo(time_zone), self._quiet_hours, timedelta()
        at = self.opens_at(start.astimezone(UTC), time_zone)
        while at < end:
            until = end if quiet is None else min(_next_full(quiet[0], at, zone), end)
            ran += until - at
            at = self.opens_at(until, time_zone) if until < end else end
        return ran

    @property
    def _quiet_hours(self) -> tuple[int, int] | None:
        """Return the first quiet hour and the first one after; None where there are none, or they would never end."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return None
        return self.quiet_from, self.quiet_until

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` takes."""
        return {**vars(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what was written; what an older job does not know has its default."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        by_hour = tuple((hour, minutes) for hour, minutes in known.get("wave_minutes_by_hour", ()))
        return cls(**{**known, "wave_minutes_by_hour": by_hour})


def terms_of(tenant: Tenant) -> Terms:
    """Return the partner's terms of the moment."""
    return Terms.from_json({field.name: getattr(tenant, field.name) for field in fields(Terms)})


def _is_within(hours: tuple[int, int], hour: int) -> bool:
    first, until = hours
    if first < until:
        return first <= hour < until
    return hour >= first or hour < until


def _next_full(hour: int, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the next full local hour; one skipped by daylight saving counts where it would have been."""
    local = after.astimezone(zone)
    strikes = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if strikes <= local:
        strikes = (strikes + timedelta(days=1)).replace(fold=0)
    return strikes.astimezone(after.tzinfo)
