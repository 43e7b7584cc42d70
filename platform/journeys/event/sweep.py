"""What is due about events: seats that nobody confirmed, reminders, guests to forget. Run inside the tenant."""

from datetime import datetime

from django.db import transaction

from communities.selectors import former_members
from events.models import SignUp
from events.selectors import due_reminders, seats_for_friends
from events.services import events_with_lapsed, forget_guests, let_lapse, note_reminded
from journeys.event.attend import leave_event
from journeys.event.telling import tell_guests
from journeys.topics import ToGuest


def forget_guests_of_events(*, tenant_id: int, now: datetime) -> None:
    """Delete who has not confirmed in time, whose seats go to who waits, and who came to what is long over."""
    for event_id in events_with_lapsed(now=now):
        with transaction.atomic():
            moved_up = let_lapse(event_id=event_id, now=now)
            tell_guests(ToGuest.MOVED_UP, moved_up, tenant_id=tenant_id, now=now)
    forget_guests(now=now)


def look_after_events(*, tenant_id: int, now: datetime) -> int:
    """Let lapse, remind and forget what is due, and return how many were reminded. May run twice or side by side.

    Who has left the community gives back the seats at events for friends.
    """
    forget_guests_of_events(tenant_id=tenant_id, now=now)
    for sign_up in seats_for_friends(former_members(), now=now):
        leave_event(sign_up_id=sign_up.pk, tenant_id=tenant_id, now=now)
    return sum(_remind(one, tenant_id, now) for one in due_reminders(now=now))


@transaction.atomic
def _remind(sign_up: SignUp, tenant_id: int, now: datetime) -> bool:
    is_first = note_reminded(sign_up.pk, now=now)
    if is_first:
        once = str(sign_up.event.sequence)
        tell_guests(ToGuest.REMINDED, [sign_up], tenant_id=tenant_id, now=now, once=once)
    return is_first
