"""Appointments and events as calendar files (RFC 5545), for mails, buttons and feeds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from events.models import Event as PartnersEvent
from events.wording import write_name
from journeys.links import event_path
from kernel.late import Late
from tenants.models import Tenant
from tenants.selectors import tenant_url

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Late("icalendar")


def calendar_file(
    *, order_uuid: UUID, title: str, where: str, url: str, starts_at: datetime, minutes: int, now: datetime
) -> bytes:
    """Return an .ics with one event; a later file for the same order replaces it in the reader's calendar."""
    entry = _entry(
        uid=order_uuid,
        title=title,
        where=where,
        url=url,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        now=now,
    )
    entry.add("sequence", int(now.timestamp()))
    return _calendar_of([entry]).to_ical()


def events_file(
    *, events: Iterable[PartnersEvent], tenant: Tenant, language: str, now: datetime, with_link: bool = False
) -> bytes:
    """Return an .ics with a partner's events, each by the clock of its place; what is called off says so.

    A later file replaces each of them in the reader's calendar. Only who has a seat gets it ``with_link``, by which to
    take part online.
    """
    site = tenant_url(tenant, "")
    calendar = _calendar_of(_event_entry(event, site, language, now, with_link) for event in events)
    calendar.add("x-wr-calname", tenant.name)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event_entry(event: PartnersEvent, site: str, language: str, now: datetime, with_link: bool) -> "icalendar.Event":
    entry = _entry(
        uid=event.pk,
        title=write_name(event, language),
        where=event.place or (event.online_url if with_link else _("Online")),
        url=f"{site}{event_path(event.pk, language)}",
        starts_at=event.starts_at.astimezone(event.zone),
        ends_at=event.ends_at.astimezone(event.zone),
        now=now,
    )
    entry.add("sequence", event.sequence)
    if with_link and event.online_url:
        entry.add("description", event.online_url)
    if event.called_off_at is not None:
        entry.add("status", "CANCELLED")
    return entry


def _entry(
    *, uid: UUID, title: str, where: str, url: str, starts_at: datetime, ends_at: datetime, now: datetime
) -> "icalendar.Event":
    entry = icalendar.Event()
    entry.add("uid", f"{uid}@quartett")
    entry.add("dtstamp", now)
    entry.add("dtstart", starts_at)
    entry.add("dtend", ends_at)
    entry.add("summary", title)
    entry.add("location", where)
    entry.add("url", url)
    return entry


def _calendar_of(entries: "Iterable[icalendar.Event]") -> "icalendar.Calendar":
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Quartett//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        calendar.add_component(entry)
    return calendar
