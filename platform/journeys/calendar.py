"""Appointments as calendar files (RFC 5545), for mails and for the button on the status page."""

from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event


def calendar_file(
    *, order_uuid: UUID, title: str, where: str, url: str, starts_at: datetime, minutes: int, now: datetime
) -> bytes:
    """Return an .ics with one event; a later file for the same order replaces it in the reader's calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Quartett//EN")
    calendar.add("version", "2.0")
    event = Event()
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
