"""Writes about events and who comes. Run inside the tenant.

Whoever takes or gives back a seat holds the event's row, so seats go one after the other; a trigger counts them and a
constraint refuses one too many. Whenever a seat becomes free, who waits longest has it in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, QuerySet

from events.errors import AlreadyThere, EventCalledOff, NoSuchEvent, NotOnTheList, SignUpClosed
from events.facts import Facts
from events.models import HELD, Event, EventText, Letter, SignUp
from events.selectors import who_is_told
from events.states import SignUpState

# Who has not confirmed the address by then has no seat any more.
HOLD_FOR = timedelta(days=1)
# What is known of guests is of use for questions after the event, and not for longer.
KEEP_GUESTS = timedelta(days=90)
# What a calendar entry shows of an event.
IN_CALENDARS = ("starts_at", "ends_at", "time_zone", "place", "online_url")


@dataclass(frozen=True)
class Guest:
    """Who signs up: by mail address, or as a friend of the community."""

    name: str
    language: str
    email: str = ""
    friend_id: UUID | None = None


@dataclass(frozen=True)
class Announced:
    """What came of announcing: whether guests have to hear of it, and who got a seat by it."""

    event: Event
    is_changed: bool
    moved_up: Sequence[SignUp]


@transaction.atomic
def announce(*, event_id: UUID, facts: Facts, now: datetime) -> Announced:
    """Write the facts of an event, new or not; there are never fewer seats than are taken.

    Of another beginning guests are reminded anew.
    """
    Event.objects.bulk_create([Event(pk=event_id, created_at=now, **asdict(facts))], ignore_conflicts=True)
    event = _locked(event_id)
    is_moved = event.starts_at != facts.starts_at
    is_changed = any(getattr(event, name) != getattr(facts, name) for name in IN_CALENDARS)
    for name, value in asdict(facts).items():
        setattr(event, name, value)
    if event.capacity is not None:
        event.capacity = max(event.capacity, event.seats_taken)
    if is_changed:
        event.sequence += 1
    event.save()
    if is_moved:
        SignUp.objects.filter(event=event).update(reminded_at=None)
    return Announced(event, is_changed, _fill(event, now))


def call_it(*, event_id: UUID, language: str, title: str, summary: str) -> None:
    """Write what an event is called in a language: its page is public."""
    EventText.objects.update_or_create(
        event_id=event_id, language=language, defaults={"title": title, "summary": summary}
    )


@transaction.atomic
def join_in_series(event_ids: Sequence[UUID]) -> None:
    """Let events know each other as dates of one series, which one of them may begin or be in already."""
    known = Event.objects.filter(pk__in=event_ids, series__isnull=False).values_list("series", flat=True).first()
    Event.objects.filter(pk__in=event_ids).update(series=known or uuid4())


def forget_name(*, event_id: UUID, language: str) -> None:
    """Take away what an event is called in a language: its page is public no longer."""
    EventText.objects.filter(event=event_id, language=language).delete()


@transaction.atomic
def call_off(*, event_id: UUID, because: str, now: datetime) -> bool:
    """Note that an event does not take place, and say whether that is new.

    Raises NoSuchEvent, or SignUpClosed where it is over.
    """
    event = _locked(event_id)
    if event.ends_at <= now:
        raise SignUpClosed
    if event.called_off_at is not None:
        return False
    event.called_off_at, event.called_off_because, event.sequence = now, because, event.sequence + 1
    event.save(update_fields=["called_off_at", "called_off_because", "sequence"])
    return True


@transaction.atomic
def sign_up(*, event_id: UUID, guest: Guest, now: datetime) -> tuple[SignUp, bool]:
    """Give somebody a seat, or a place on the waiting list, and say whether that is new; twice changes nothing.

    A friend's sign-up counts at once, a guest's address is confirmed first. Raises NoSuchEvent, EventCalledOff or
    SignUpClosed.
    """
    event = _locked(event_id)
    if event.called_off_at is not None:
        raise EventCalledOff
    if event.starts_at <= now:
        raise SignUpClosed
    same: dict[str, object] = {"friend_id": guest.friend_id} if guest.friend_id else {"email__iexact": guest.email}
    known = SignUp.objects.filter(event=event, state__in=HELD, **same).first()
    if known is not None:
        return known, False
    made = SignUp.objects.create(
        event=event,
        name=guest.name,
        email=guest.email,
        friend_id=guest.friend_id,
        language=guest.language,
        state=SignUpState.WAITING if event.is_full else SignUpState.GOING,
        number=(SignUp.objects.filter(event=event).aggregate(last=Max("number"))["last"] or 0) + 1,
        created_at=now,
        confirmed_at=now if guest.friend_id else None,
    )
    return made, True


@transaction.atomic
def confirm(*, sign_up_id: UUID, now: datetime) -> tuple[SignUp, bool]:
    """Note that the mail address is its owner's, and say whether that is new.

    Raises ``SignUp.DoesNotExist`` where the seat was held too long, EventCalledOff or SignUpClosed.
    """
    found, event = _locked_sign_up(sign_up_id)
    if found.confirmed_at is not None:
        return found, False
    if event.called_off_at is not None:
        raise EventCalledOff
    if event.starts_at <= now:
        raise SignUpClosed
    SignUp.objects.filter(pk=found.pk).update(confirmed_at=now)
    event.refresh_from_db(fields=["seats_taken"])
    _fill(event, now)
    found.refresh_from_db()
    return found, True


@transaction.atomic
def leave(*, sign_up_id: UUID, now: datetime) -> tuple[SignUp, Sequence[SignUp]]:
    """Give somebody's seat or place on the list back; return it, and who moved up. Twice changes nothing.

    Raises ``SignUp.DoesNotExist``, SignUpClosed once the event has begun, or AlreadyThere.
    """
    found, event = _locked_sign_up(sign_up_id)
    if found.state not in HELD:
        return found, ()
    if event.starts_at <= now:
        raise SignUpClosed
    if found.checked_in_at is not None:
        raise AlreadyThere
    found.state, found.cancelled_at = SignUpState.CANCELLED, now
    found.save(update_fields=["state", "cancelled_at"])
    return found, _fill(event, now)


@transaction.atomic
def erase_sign_up(*, sign_up_id: UUID, now: datetime) -> Sequence[SignUp]:
    """Delete all that is known of somebody who signed up; return who moved up.

    Raises ``SignUp.DoesNotExist``.
    """
    found, event = _locked_sign_up(sign_up_id)
    found.delete()
    return _fill(event, now)


@transaction.atomic
def let_lapse(*, event_id: UUID, now: datetime) -> Sequence[SignUp]:
    """Delete the sign-ups to an event that nobody has confirmed within a day; return who moved up."""
    event = _locked(event_id)
    _lapsed(now).filter(event=event).delete()
    return _fill(event, now)


def events_with_lapsed(*, now: datetime) -> list[UUID]:
    """Return the events of which sign-ups wait to lapse."""
    return list(_lapsed(now).order_by().values_list("event_id", flat=True).distinct())


def note_reminded(sign_up_id: UUID, *, now: datetime) -> bool:
    """Note that somebody is reminded; say whether nobody did before."""
    return SignUp.objects.filter(pk=sign_up_id, reminded_at=None).update(reminded_at=now) == 1


@transaction.atomic
def write_letter(
    *, letter_id: UUID, event_id: UUID, subject: str, text: str, who: str, now: datetime
) -> tuple[Letter, Sequence[SignUp]]:
    """Keep what a manager writes to all who signed up, and return it with who gets it: nobody the second time.

    Raises NoSuchEvent.
    """
    event = _locked(event_id)
    written = {"event": event, "subject": subject, "text": text, "written_by": who, "written_at": now}
    letter, is_new = Letter.objects.get_or_create(pk=letter_id, defaults=written)
    if not is_new:
        return letter, ()
    readers = who_is_told(event)
    letter.recipients = len(readers)
    letter.save(update_fields=["recipients"])
    return letter, readers


def check_in(*, sign_up_id: UUID, who: str, at: datetime) -> bool:
    """Note that somebody was there at a moment; False where they were checked in before, which stays as it is.

    Raises ``SignUp.DoesNotExist``, or NotOnTheList where they have no seat.
    """
    is_new = SignUp.objects.filter(pk=sign_up_id, state=SignUpState.GOING, checked_in_at=None).update(
        checked_in_at=at, checked_in_by=who
    )
    if not is_new and SignUp.objects.get(pk=sign_up_id).checked_in_at is None:
        raise NotOnTheList
    return bool(is_new)


def undo_check_in(*, sign_up_id: UUID) -> None:
    """Take back that somebody was there."""
    SignUp.objects.filter(pk=sign_up_id).update(checked_in_at=None, checked_in_by="")


def forget_guests(*, now: datetime) -> int:
    """Delete who signed up for what was over 90 days ago, and return how many."""
    return SignUp.objects.filter(event__ends_at__lt=now - KEEP_GUESTS).delete()[0]


def _lapsed(now: datetime) -> QuerySet[SignUp]:
    """Return what nobody has confirmed within a day, by the mail or by being there."""
    return SignUp.objects.filter(confirmed_at=None, checked_in_at=None, created_at__lte=now - HOLD_FOR)


def _locked(event_id: UUID) -> Event:
    event = Event.objects.select_for_update(no_key=True).filter(pk=event_id).first()
    if event is None:
        raise NoSuchEvent
    return event


def _locked_sign_up(sign_up_id: UUID) -> tuple[SignUp, Event]:
    event = _locked(SignUp.objects.only("event_id").get(pk=sign_up_id).event_id)
    return SignUp.objects.select_related("event").get(pk=sign_up_id), event


def _fill(event: Event, now: datetime) -> Sequence[SignUp]:
    """Give the free seats to those who wait longest; return who got one. The event's row is held."""
    if event.called_off_at is not None or event.starts_at <= now:
        return ()
    event.refresh_from_db(fields=["seats_taken"])
    waiting = SignUp.objects.filter(event=event, state=SignUpState.WAITING, confirmed_at__isnull=False)
    moved_up = list(waiting.select_related("event").order_by("number", "pk")[: event.seats_left])
    for one in moved_up:
        one.state, one.moved_up_at = SignUpState.GOING, now
        one.save(update_fields=["state", "moved_up_at"])
    return moved_up
