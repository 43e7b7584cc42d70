"""The facts of an event as managers type them, and what is wrong about them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.errors import NoSuchTime
from events.states import Audience
from kernel.errors import FieldsNotRight

# What a calendar of people holds; a year outside is a slip of the finger.
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Facts:
    """When, where, for whom and for how many."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    online_url: str
    audience: str = Audience.PUBLIC
    capacity: int | None = None
    skill_id: int | None = None
    skill_months: int | None = None


def moment_at(day: date, at: time, zone: str) -> datetime:
    """Return the moment of a local time; of a time that comes twice in autumn the first.

    Raises NoSuchTime where the clock skips it.
    """
    local = datetime.combine(day, at.replace(fold=0), ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime
    return moment


def read_facts(
    *,
    start_day: date,
    start_time: time,
    end_day: date | None,
    end_time: time,
    time_zone: str,
    place: str,
    online_url: str,
    audience: str,
    capacity: int | None,
    skill_id: int | None = None,
    skill_months: int | None = None,
    seats_taken: int = 0,
) -> Facts:
    """Return the facts; without an ``end_day`` the event ends on the day on which it starts.

    Raises FieldsNotRight with what is wrong by the names above.
    """
    faults: dict[str, str | Promise] = {}
    starts_at = _moment("start", start_day, start_time, time_zone, faults)
    # Without a day of its own the end falls with the start's.
    ends_at = _moment("end", end_day or start_day, end_time, time_zone, faults) if end_day or starts_at else None
    if starts_at and ends_at and ends_at <= starts_at:
        faults["end_day" if end_day and end_day < start_day else "end_time"] = _(
            "The event would end before it starts. If it goes past midnight, also enter the day on which it ends."
        )
    if not (place.strip() or online_url):
        faults["place"] = _("Please say where it takes place: an address, a link, or both.")
    if capacity is not None and capacity < max(1, seats_taken):
        faults["capacity"] = (
            _("Please enter at least 1, or leave it empty for any number.")
            if capacity < 1
            else _("%(count)s people have a seat already; there can't be fewer seats.") % {"count": seats_taken}
        )
    if faults or starts_at is None or ends_at is None:
        raise FieldsNotRight(faults)
    return Facts(starts_at, ends_at, time_zone, place.strip(), online_url, audience, capacity, skill_id, skill_months)


def _moment(which: str, day: date, at: time, zone: str, faults: dict[str, str | Promise]) -> datetime | None:
    if day.year not in YEARS:
        faults[f"{which}_day"] = _("Please check the year.")
        return None
    try:
        return moment_at(day, at, zone)
    except NoSuchTime as error:
        faults[f"{which}_time"] = error.message
        return None
