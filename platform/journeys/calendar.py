"""Appointments as calendar files (RFC 5545), for mails and for the button on the status page."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from kernel.late import Late

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Late("icalendar")


def calendar_file(
    *, order_uuid: UUID, title: str, where: str, url: str, starts_at: datetime, minutes: int, now: datetime
) -> bytes:
    """Return an .ics with one event; a later file for the same order replaces it in the reader's calendar."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Quartett//EN")
    calendar.add("version", "2.0")
    event = icalendar.Event()
    event.add("uid", f"{order_uuid}@quartett")
    event.add("sequence", int(now.timestamp()))
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=minutes))
    event.add("summary", title)
    event.add("location", where)
    event.add("url", url)
    calendar.add_component(event)
    return calendar.to_ical()
