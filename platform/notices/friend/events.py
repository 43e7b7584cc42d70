"""News of the events that a friend has signed up for. Informal, from the platform, which names the brand."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import pgettext

from crowd.selectors import friend_by_id
from events.models import Event, SignUp
from events.selectors import letter_by_id, place_in_line, sign_up_by_id
from events.states import SignUpState
from events.wording import write_name, write_when, write_where, write_zone
from journeys.calendar import events_file
from journeys.links import member_event_url
from journeys.topics import ToFriend, ToGuest
from kernel.clock import now
from kernel.wording.texts import labelled
from notices.brands import inside, speaking
from notices.channels import FriendNotice, Told
from notifications.kinds import NoticeKind
from notifications.mail import Attachment, Mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant

# In which state a sign-up must still be for the news to be of use.
HOLDS = {
    ToGuest.HAS_SEAT: [SignUpState.GOING],
    ToGuest.WAITS: [SignUpState.WAITING],
    ToGuest.MOVED_UP: [SignUpState.GOING],
    ToGuest.REMINDED: [SignUpState.GOING],
    ToGuest.CHANGED: [SignUpState.GOING, SignUpState.WAITING],
    ToGuest.LETTER: [SignUpState.GOING, SignUpState.WAITING],
    ToGuest.CALLED_OFF: [SignUpState.GOING, SignUpState.WAITING],
    ToGuest.LEFT: [SignUpState.CANCELLED],
}
WITH_ENTRY = {ToGuest.HAS_SEAT, ToGuest.MOVED_UP, ToGuest.CHANGED, ToGuest.CALLED_OFF}


def _told(message: Message) -> Told | None:
    friend, about = friend_by_id(UUID(message.reference["friend"])), ToGuest(message.reference["about"])
    with inside(message.tenant_id) as tenant:
        try:
            sign_up = sign_up_by_id(message.reference["sign_up"])
        except SignUp.DoesNotExist:
            return None
        if sign_up.state not in HOLDS[about] or not _is_of_use(about, sign_up.event):
            return None
        with speaking(friend.language, friend.country):
            words = _letter(message) if about == ToGuest.LETTER else _words(about, sign_up, tenant, friend.language)
            return Told(friend, _mail(about, words, sign_up, tenant, friend.language))


def _is_of_use(about: ToGuest, event: Event) -> bool:
    """Say whether the news is still true; a letter is, whether the event takes place or not."""
    return about == ToGuest.LETTER or (event.called_off_at is not None) == (about == ToGuest.CALLED_OFF)


def _letter(message: Message) -> tuple[str, list[str]]:
    letter = letter_by_id(message.reference["letter"])
    return letter.subject, letter.text.splitlines()


def _words(about: ToGuest, sign_up: SignUp, tenant: Tenant, language: str) -> tuple[str, list[str]]:
    """Return the heading and what is said below it."""
    place = place_in_line(sign_up) if about == ToGuest.WAITS else 0
    names = {"event": write_name(sign_up.event, language), "brand": tenant.name, "place": place}
    heading, words = _WORDS[about]()
    because = sign_up.event.called_off_because if about == ToGuest.CALLED_OFF else ""
    return heading, [words % names, *([because] if because else [])]


def _mail(about: ToGuest, words: tuple[str, list[str]], sign_up: SignUp, tenant: Tenant, language: str) -> Mail:
    event, (heading, paragraphs) = sign_up.event, words
    entry = events_file(events=[event], tenant=tenant, language=language, now=now(), with_link=sign_up.is_going)
    return Mail(
        subject=labelled(heading, write_name(event, language)),
        heading=heading,
        paragraphs=paragraphs,
        short=paragraphs[0],
        button=pgettext("friend", "See the event"),
        url=member_event_url(tenant, event.pk, language),
        facts=[
            (pgettext("friend", "When"), f"{write_when(event)} ({write_zone(event)})"),
            (pgettext("friend", "Where"), write_where(event)),
            (pgettext("friend", "Brand"), tenant.name),
        ],
        attachments=[Attachment("event.ics", "text/calendar", entry)] if about in WITH_ENTRY else (),
    )


_WORDS: dict[ToGuest, Callable[[], tuple[str, str]]] = {
    ToGuest.HAS_SEAT: lambda: (
        pgettext("friend", "You have a seat"),
        pgettext(
            "friend", "You are coming to “%(event)s” of %(brand)s. Show your code on the event's page on arrival."
        ),
    ),
    ToGuest.WAITS: lambda: (
        pgettext("friend", "You are on the waiting list"),
        pgettext("friend", "“%(event)s” is full. You are number %(place)s and hear from us as soon as a seat is free."),
    ),
    ToGuest.MOVED_UP: lambda: (
        pgettext("friend", "You have moved up"),
        pgettext("friend", "A seat at “%(event)s” is free, and it is yours."),
    ),
    ToGuest.REMINDED: lambda: (
        pgettext("friend", "It begins soon"),
        pgettext("friend", "“%(event)s” of %(brand)s begins soon. If you can't come, please give your seat back."),
    ),
    ToGuest.CHANGED: lambda: (
        pgettext("friend", "New time or place"),
        pgettext("friend", "“%(event)s” of %(brand)s has a new time or place. Please have a look."),
    ),
    ToGuest.CALLED_OFF: lambda: (
        pgettext("friend", "Event cancelled"),
        pgettext("friend", "“%(event)s” of %(brand)s has been cancelled. We are sorry."),
    ),
    ToGuest.LEFT: lambda: (
        pgettext("friend", "You have given your seat back"),
        pgettext("friend", "You are no longer coming to “%(event)s” of %(brand)s. Thank you for letting us know."),
    ),
}

FRIEND_EVENT_NOTICES: dict[str, Handler] = {ToFriend.EVENT_NEWS: FriendNotice(_told, NoticeKind.COMMUNITY)}
