"""When a notice may make itself heard: a friend's quiet hours, and the offers that would be over before they end."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.kinds import AT_ANY_HOUR, NoticeKind
from notifications.models import NoticePreference

# An offer that would have less than this left when the friend's hours begin comes at once instead.
LEAST_LEFT = timedelta(minutes=15)


def heard_at(
    preference: NoticePreference, *, kind: NoticeKind, home_zone: str, now: datetime, expires_at: datetime | None
) -> datetime:
    """Return when a notice may be heard: now, or when the friend's quiet hours end.

    What has a deadline of its own (a job that waits for its friend) does not wait, nor does what would be over by then.
    """
    if kind in AT_ANY_HOUR or preference.quiet_from is None or preference.quiet_until is None:
        return now
    begins_at = end_of_quiet(
        now,
        quiet_from=preference.quiet_from,
        quiet_until=preference.quiet_until,
        zone=ZoneInfo(preference.time_zone or home_zone),
    )
    if expires_at is not None and expires_at - begins_at < LEAST_LEFT:
        return now
    return begins_at


def end_of_quiet(moment: datetime, *, quiet_from: time, quiet_until: time, zone: ZoneInfo) -> datetime:
    """Return when the quiet hours end that the moment lies in, or the moment itself where it lies in none."""
    local = moment.astimezone(zone)
    at = local.time()
    runs_past_midnight = quiet_from > quiet_until
    is_evening = runs_past_midnight and at >= quiet_from
    is_quiet = (is_evening or at < quiet_until) if runs_past_midnight else quiet_from <= at < quiet_until
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=1) if is_evening else local.date()
    ends_at = datetime.combine(day, quiet_until, zone).astimezone(UTC)
    # Where the clocks go back, an hour comes twice, and the first of them has passed.
    return max(moment, ends_at)
