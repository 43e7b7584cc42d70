"""The notice by which a friend tries whether notices arrive: on all channels, at any hour."""

from uuid import UUID

from django.utils.translation import pgettext

from crowd.selectors import friend_by_id
from journeys.links import notices_url
from journeys.topics import ToFriend
from notices.brands import speaking
from notices.channels import FriendNotice, Told
from notifications.mail import Mail
from outbox.models import Message
from outbox.services import Handler


def _prepare(message: Message) -> Told:
    friend = friend_by_id(UUID(message.reference["friend"]))
    with speaking(friend.language, friend.country):
        mail = Mail(
            subject=pgettext("friend", "Your test notification has arrived"),
            heading=pgettext("friend", "It works, %(name)s") % {"name": friend.first_name},
            paragraphs=[pgettext("friend", "Offers and news about your jobs reach you in the same way.")],
            button=pgettext("friend", "Open your notifications"),
            url=notices_url(friend.language),
            short=pgettext("friend", "Offers and news about your jobs reach you in the same way."),
        )
    return Told(friend, mail)


TRIAL_NOTICES: dict[str, Handler] = {ToFriend.TRIAL: FriendNotice(_prepare, kind=None)}
