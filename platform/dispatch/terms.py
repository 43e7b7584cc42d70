"""A partner's terms of dispatch, as they are copied to each job, and the clock that follows from them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from dispatch.seats import Rule
from tenants.models import LastResort, Tenant


@dataclass(frozen=True)
class Terms:
    """How jobs of a partner are offered. A later change of the settings never touches an open job.

    ``wave_minutes_by_hour`` holds (hour, minutes) pairs by hour: from that local hour on others than ``wave_minutes``
    count. From ``quiet_from`` to ``quiet_until`` (local hours, over midnight where from is greater) nobody is asked and
    no clock runs. Shares and surcharges in basis points.
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
        local = now.astimezone(ZoneInfo(time_zone))
        if not self._is_quiet(local.hour):
            return now
        ends = local.replace(hour=self.quiet_until or 0, minute=0, second=0, microsecond=0)
        if ends <= local:
            ends += timedelta(days=1)
        return ends.astimezone(now.tzinfo)

    def wave_ends_at(self, now: datetime, time_zone: str) -> datetime:
        """Return when a wave ends that opens now; what falls into the quiet hours runs on after them."""
        minutes = self.minutes_at(now.astimezone(ZoneInfo(time_zone)))
        return self.moment_after(now, timedelta(minutes=minutes), time_zone)

    def moment_after(self, at: datetime, span: timedelta, time_zone: str) -> datetime:
        """Return the moment at which the clock has run for so long; in the quiet hours it stands still."""
        zone, left = ZoneInfo(time_zone), span
        while True:
            at = self.opens_at(at, time_zone)
            quiet = self._next_quiet(at, zone)
            if quiet is None or at + left <= quiet:
                return at + left
            left -= quiet - at
            at = quiet

    def running_between(self, start: datetime, end: datetime, time_zone: str) -> timedelta:
        """Return for how long the clock runs from one moment to a later one."""
        zone, ran = ZoneInfo(time_zone), timedelta()
        at = self.opens_at(start, time_zone)
        while at < end:
            quiet = self._next_quiet(at, zone)
            until = end if quiet is None else min(quiet, end)
            ran += until - at
            at = self.opens_at(until, time_zone) if until < end else end
        return ran

    def _is_quiet(self, hour: int) -> bool:
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def _next_quiet(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        if self.quiet_from is None:
            return None
        local = at.astimezone(zone)
        begins = local.replace(hour=self.quiet_from, minute=0, second=0, microsecond=0)
        if begins <= local:
            begins += timedelta(days=1)
        return begins.astimezone(at.tzinfo)

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what was written; what an older job does not know has its default."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        by_hour = tuple((hour, minutes) for hour, minutes in known.get("wave_minutes_by_hour", ()))
        return cls(**{**known, "wave_minutes_by_hour": by_hour})


def terms_of(tenant: Tenant) -> Terms:
    """Return the partner's terms of the moment."""
    return Terms.from_json({field.name: getattr(tenant, field.name) for field in fields(Terms)})
