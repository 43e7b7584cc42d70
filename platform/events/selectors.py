"""Reads about events. Run inside the tenant."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from events.errors import NoSuchEvent
from events.models import Event, Letter, SignUp
from events.states import Audience, SignUpState

REMIND_BEFORE = timedelta(days=1)


def event_by_id(event_id: UUID | str) -> Event:
    """Return an event with what it is called.

    Raises NoSuchEvent.
    """
    found = find_event(event_id)
    if found is None:
        raise NoSuchEvent
    return found


def find_event(event_id: UUID | str) -> Event | None:
    """Return an event with what it is called, or None (2 queries)."""
    return Event.objects.prefetch_related("texts").filter(pk=event_id).first()


def open_event(event_id: UUID | str, *, is_friend: bool) -> Event:
    """Return an event that has a public page, and that whoever asks may see.

    Raises NoSuchEvent.
    """
    event = event_by_id(event_id)
    if not event.texts.all() or (event.is_for_friends and not is_friend):
        raise NoSuchEvent
    return event


def coming_events(*, now: datetime, is_friend: bool, language: str = "") -> QuerySet[Event]:
    """Return the events that are not over yet, the next first; with a language those that have a page in it."""
    found = _published(is_friend=is_friend, language=language).filter(ends_at__gt=now)
    return found.order_by("starts_at", "id")


def past_events(*, now: datetime, is_friend: bool, language: str = "") -> QuerySet[Event]:
    """Return the events that took place, the latest first."""
    found = _published(is_friend=is_friend, language=language).filter(ends_at__lte=now, called_off_at=None)
    return found.order_by("-starts_at", "-id")


def all_events() -> QuerySet[Event]:
    """Return all events for managers, the latest first, with how many wait and how many were there."""
    counts = {
        "waiting": Count("sign_ups", filter=Q(sign_ups__state=SignUpState.WAITING)),
        "came": Count("sign_ups", filter=Q(sign_ups__checked_in_at__isnull=False)),
    }
    return Event.objects.annotate(**counts).prefetch_related("texts").order_by("-starts_at", "-id")


def keys_for_friends() -> QuerySet[Event, UUID]:
    """Return the ids of the events that only friends of the community see, which their pages' translations share."""
    return Event.objects.filter(audience=Audience.FRIENDS).values_list("pk", flat=True)


def guest_list(event: Event) -> list[SignUp]:
    """Return who has a seat by name, then who waits in the order of the list, then who has cancelled."""
    order = [SignUpState.GOING, SignUpState.WAITING, SignUpState.CANCELLED]

    def place(one: SignUp) -> tuple[int, str, int]:
        return order.index(SignUpState(one.state)), "" if one.is_waiting else one.name.casefold(), one.number

    return sorted(SignUp.objects.filter(event=event), key=place)


def sign_up_by_id(sign_up_id: UUID | str) -> SignUp:
    """Return a sign-up with its event.

    Raises ``SignUp.DoesNotExist``.
    """
    return SignUp.objects.select_related("event").prefetch_related("event__texts").get(pk=sign_up_id)


def sign_up_of_friend(event: Event, friend_id: UUID) -> SignUp | None:
    """Return where a friend stands with an event, or None."""
    return SignUp.objects.filter(event=event, friend_id=friend_id).exclude(state=SignUpState.CANCELLED).first()


def sign_ups_of_friend(friend_id: UUID) -> dict[UUID, SignUp]:
    """Return where a friend stands with the events that they have signed up for, by the event's id."""
    found = SignUp.objects.filter(friend_id=friend_id).exclude(state=SignUpState.CANCELLED)
    return {one.event_id: one for one in found}


def seats_for_friends(friend_ids: Sequence[UUID], *, now: datetime) -> list[SignUp]:
    """Return what friends can still give back of what they have at the coming events that are for friends only."""
    held = SignUp.objects.filter(friend_id__in=friend_ids, checked_in_at=None).exclude(state=SignUpState.CANCELLED)
    return list(held.filter(event__audience=Audience.FRIENDS, event__starts_at__gt=now).order_by("created_at"))


def letter_by_id(letter_id: UUID | str) -> Letter:
    """Return what a manager has written to all.

    Raises ``Letter.DoesNotExist``.
    """
    return Letter.objects.get(pk=letter_id)


def others_of_series(event: Event, *, now: datetime, is_friend: bool) -> QuerySet[Event]:
    """Return the events of the same series that are still to come."""
    if event.series is None:
        return Event.objects.none()
    return coming_events(now=now, is_friend=is_friend).filter(series=event.series).exclude(pk=event.pk)


def keys_of_series(event: Event) -> list[UUID]:
    """Return the ids of the events of a series, this one among them."""
    if event.series is None:
        return [event.pk]
    return list(Event.objects.filter(series=event.series).values_list("pk", flat=True))


def place_in_line(sign_up: SignUp) -> int:
    """Return which of those who wait somebody is, beginning with 1; those who have not confirmed do not count."""
    before = SignUp.objects.filter(event=sign_up.event_id, state=SignUpState.WAITING, confirmed_at__isnull=False)
    return before.filter(number__lt=sign_up.number).count() + 1


def who_is_told(event: Event) -> Sequence[SignUp]:
    """Return those who have a seat or wait for one, and whose address is known to be theirs."""
    held = [SignUpState.GOING, SignUpState.WAITING]
    return list(SignUp.objects.filter(event=event, state__in=held, confirmed_at__isnull=False).order_by("created_at"))


def due_reminders(*, now: datetime) -> list[SignUp]:
    """Return who is to be reminded: of what begins within a day, unless they signed up or moved up within that day."""
    soon = SignUp.objects.filter(
        state=SignUpState.GOING,
        confirmed_at__isnull=False,
        reminded_at=None,
        event__called_off_at=None,
        event__starts_at__gt=now,
        event__starts_at__lte=now + REMIND_BEFORE,
        confirmed_at__lte=F("event__starts_at") - REMIND_BEFORE,
    )
    fresh = Q(moved_up_at__isnull=False) & Q(moved_up_at__gt=F("event__starts_at") - REMIND_BEFORE)
    return list(soon.exclude(fresh).select_related("event").order_by("event__starts_at", "created_at"))


def _published(*, is_friend: bool, language: str) -> QuerySet[Event]:
    found = Event.objects.filter(texts__language=language) if language else Event.objects.exclude(texts=None)
    if not is_friend:
        found = found.filter(audience=Audience.PUBLIC)
    return found.prefetch_related("texts")
