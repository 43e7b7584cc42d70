"""A manager announces an event, changes it or calls it off, and its guests hear of it. Run inside the tenant."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from events.facts import Facts
from events.models import Event, Letter
from events.selectors import event_by_id, who_is_told
from events.services import announce, call_off, write_letter
from journeys.event.telling import tell_guests
from journeys.topics import ToGuest


@transaction.atomic
def announce_event(*, event_id: UUID, facts: Facts, tenant_id: int, now: datetime) -> Event:
    """Write the facts of an event; its guests hear where time or place have changed, and who gets a seat by it."""
    before = {one.pk for one in who_is_told(Event(pk=event_id))}
    announced = announce(event_id=event_id, facts=facts, now=now)
    event = announced.event
    tell_guests(ToGuest.MOVED_UP, announced.moved_up, tenant_id=tenant_id, now=now)
    if announced.is_changed and event.ends_at > now:
        # Who moves up reads the new time and place in that mail.
        moved_up = {one.pk for one in announced.moved_up}
        told = [one for one in who_is_told(event) if one.pk in before - moved_up]
        tell_guests(ToGuest.CHANGED, told, tenant_id=tenant_id, now=now, once=str(event.sequence))
    return event


@transaction.atomic
def call_off_event(*, event_id: UUID, because: str, tenant_id: int, now: datetime) -> None:
    """Call an event off, and tell all who have a seat or wait for one; twice tells nobody again.

    Raises NoSuchEvent, or SignUpClosed where it is over.
    """
    if call_off(event_id=event_id, because=because, now=now):
        guests = who_is_told(event_by_id(event_id))
        tell_guests(ToGuest.CALLED_OFF, guests, tenant_id=tenant_id, now=now)


@transaction.atomic
def write_to_all(
    *, letter_id: UUID, event_id: UUID, subject: str, text: str, tenant_id: int, who: str, now: datetime
) -> Letter:
    """Send what a manager writes to all who have a seat or wait for one; the same letter goes once.

    Raises NoSuchEvent.
    """
    letter, readers = write_letter(letter_id=letter_id, event_id=event_id, subject=subject, text=text, who=who, now=now)
    tell_guests(ToGuest.LETTER, readers, tenant_id=tenant_id, now=now, once=str(letter_id), letter=str(letter_id))
    return letter
