"""Mails to friends about the tax office: asked for their details, reminded, blocked, reported. Informal."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.utils.translation import get_language, pgettext

from crowd.models import Friend
from crowd.selectors import friend_by_id
from journeys.links import seller_data_url
from journeys.topics import ToFriend
from kernel.wording.dates import Place, write_day
from notices.brands import speaking
from notices.channels import FriendNotice, Told
from notifications.mail import Mail
from outbox.models import Message
from outbox.services import Handler


def _about_tax(words: Callable[[Friend, Message], Mail]) -> Handler:
    """Return the handler that tells the friend of a message, whatever they have switched off: it is the law's."""

    def prepare(message: Message) -> Told:
        friend = friend_by_id(UUID(message.reference["friend"]))
        with speaking(friend.language, friend.country):
            return Told(friend, words(friend, message))

    return FriendNotice(prepare, None)


def _asked(friend: Friend, message: Message) -> Mail:
    return _ask(
        pgettext("friend", "Please enter your tax details"),
        [
            pgettext(
                "friend",
                "You've earned money with us. The European Union has us report your earnings to the tax office once"
                " a year (DAC7), and for that we need your tax number, date of birth and address.",
            ),
            _until(message),
        ],
    )


def _reminded(friend: Friend, message: Message) -> Mail:
    return _ask(
        pgettext("friend", "Reminder: we still need your tax details"),
        [pgettext("friend", "It takes two minutes: your tax number, date of birth and address."), _until(message)],
    )


def _reminded_again(friend: Friend, message: Message) -> Mail:
    return _ask(
        pgettext("friend", "Second reminder: we still need your tax details"),
        [
            _until(message),
            pgettext("friend", "The money stays yours. You'll be paid once we have your details."),
        ],
    )


def _blocks(friend: Friend, message: Message) -> Mail:
    return _ask(
        pgettext("friend", "We can't pay you until we have your tax details"),
        [
            pgettext(
                "friend", "We've asked you and reminded you twice. Without your details we may not pay you by law."
            ),
            pgettext("friend", "The money stays yours. You'll be paid once we have your details."),
        ],
    )


def _reported(friend: Friend, message: Message) -> Mail:
    year = {"year": message.reference["year"]}
    return Mail(
        subject=pgettext("friend", "What we've reported to the tax office for %(year)s") % year,
        heading=pgettext("friend", "Your earnings in %(year)s") % year,
        paragraphs=[
            pgettext(
                "friend",
                "The law has us report what you earned on the platform. You can see all of it in the app: your"
                " details, and for each quarter what you earned, our commission and the number of jobs.",
            ),
            pgettext("friend", "Is something wrong? Correct your details in the app, or write to us."),
        ],
        button=pgettext("friend", "See the report"),
        url=seller_data_url(get_language() or ""),
    )


def _ask(subject: str, paragraphs: list[str]) -> Mail:
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=paragraphs,
        button=pgettext("friend", "Enter your tax details"),
        url=seller_data_url(get_language() or ""),
    )


def _until(message: Message) -> str:
    day = write_day(date.fromisoformat(str(message.reference["until"])), "calendar_day", Place.UNTIL)
    words = pgettext("friend", "We need your details %(until)s; after that we may not pay you until we have them.")
    return words % {"until": day}


TAX_NOTICES: dict[str, Handler] = {
    ToFriend.TAX_DATA_ASKED: _about_tax(_asked),
    ToFriend.TAX_DATA_REMINDED: _about_tax(_reminded),
    ToFriend.TAX_DATA_REMINDED_AGAIN: _about_tax(_reminded_again),
    ToFriend.TAX_DATA_BLOCKS: _about_tax(_blocks),
    ToFriend.TAX_REPORTED: _about_tax(_reported),
}
