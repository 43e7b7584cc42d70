"""A friend's notice on all channels that the friend has chosen, each a step of its own that is never done twice.

The message that a journey posts is the first step: it puts the notice into the inbox and posts a message for the mail
and one for each device, in one transaction. They wait for the end of the friend's quiet hours, and each has its own
attempts. The words are made again at every step, so a notice that has become pointless goes no further.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from accounts.selectors import operators
from crowd.models import Friend
from journeys.links import notice_settings_url
from kernel.clock import now
from kernel.wording.german import written_for
from notices.brands import platform_sender, speaking
from notifications.client import push_is_on
from notifications.hours import heard_at
from notifications.kinds import Channel, NoticeKind
from notifications.mail import Mail, send_mail
from notifications.models import NoticePreference
from notifications.selectors import devices_of, is_on, preference_of
from notifications.services import keep_notice, send_push
from outbox.models import Message
from outbox.services import Handler, post_held
from places.countries import country_by_code
from tenants.selectors import platform_url

MAIL_TOPIC, PUSH_TOPIC = "mail_to_friend", "push_to_friend"
# A push service keeps what it cannot deliver for a day; an offer is of no use for longer than it is open.
KEEP_PUSH = timedelta(days=1)
URGENT = {NoticeKind.OFFERS, NoticeKind.DEADLINES}


@dataclass(frozen=True)
class Told:
    """What a friend is told now, and until when it is of use."""

    friend: Friend
    mail: Mail
    expires_at: datetime | None = None


@dataclass(frozen=True)
class FriendNotice:
    """The handler of a topic whose notices go to a friend.

    ``prepare`` makes the words in the friend's language, or returns None where they have become pointless. A notice
    without a kind is a trial: it comes on every channel, at any hour.
    """

    prepare: Callable[[Message], Told | None]
    kind: NoticeKind | None = NoticeKind.JOBS

    def __call__(self, message: Message) -> None:
        """Put the notice into the inbox, and post what goes out on the other channels."""
        told = self.prepare(message)
        if told is None:
            return
        friend_id = told.friend.pk
        keep_notice(
            key=message.key,
            friend_id=friend_id,
            topic=message.topic,
            title=told.mail.subject,
            body=told.mail.short,
            path=_path(told.mail.url),
            now=now(),
        )
        preference = preference_of(friend_id)
        held_until = self._held_until(told, preference, message)
        if self._wants(preference, Channel.MAIL):
            _post(message, MAIL_TOPIC, f"{message.key}:mail", held_until)
        if push_is_on() and self._wants(preference, Channel.PUSH):
            for device in devices_of(friend_id):
                _post(message, PUSH_TOPIC, f"{message.key}:push:{device.pk.hex}", held_until, device=device.pk.hex)

    def _wants(self, preference: NoticePreference, channel: Channel) -> bool:
        return self.kind is None or is_on(preference, self.kind, channel)

    def _held_until(self, told: Told, preference: NoticePreference, message: Message) -> datetime | None:
        if self.kind is None:
            return None
        moment = max(now(), message.due_at)
        heard = heard_at(
            preference,
            kind=self.kind,
            home_zone=country_by_code(told.friend.country).time_zone,
            now=moment,
            expires_at=told.expires_at,
        )
        return heard if heard > moment else None


def to_operators(words: Callable[[Message, str], Mail | None]) -> Handler:
    """Return the handler of a topic that every operator hears of by mail, each in their language.

    No words mean that it has become pointless.
    """

    def deliver(message: Message) -> None:
        for operator in operators():
            with speaking(operator.language):
                mail = words(message, operator.language)
            if mail is None:
                return
            send_mail(
                mail=mail,
                sender=platform_sender(),
                recipient=operator.email,
                language=operator.language,
                key=message.key,
            )

    return deliver


def channel_handlers(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return the handlers of mails and pushes to friends, for all notices to friends among the handlers."""
    notices = {topic: handler for topic, handler in handlers.items() if isinstance(handler, FriendNotice)}

    def mail(message: Message) -> None:
        told = notices[message.reference["notice"]].prepare(message)
        if told is None:
            return
        with written_for(told.friend.country):
            send_mail(
                mail=told.mail,
                sender=platform_sender(settings_url=notice_settings_url(told.friend.language)),
                recipient=told.friend.email,
                language=told.friend.language,
                key=message.key,
            )

    def push(message: Message) -> None:
        notice = notices[message.reference["notice"]]
        told = notice.prepare(message)
        if told is None:
            return
        moment = now()
        send_push(
            device_id=UUID(message.reference["device"]),
            payload={
                "title": told.mail.subject,
                "body": told.mail.short,
                "url": _path(told.mail.url),
                "lang": told.friend.language,
            },
            # The same occasion on each of its attempts, whichever device it goes to.
            key=message.key,
            ttl=told.expires_at - moment if told.expires_at else KEEP_PUSH,
            is_urgent=notice.kind is None or notice.kind in URGENT,
            now=moment,
        )

    return {MAIL_TOPIC: mail, PUSH_TOPIC: push}


def _post(message: Message, topic: str, key: str, held_until: datetime | None, **more: str) -> None:
    """Post the message of a channel. It is measured from when the first one was committed."""
    post_held(
        key=key,
        topic=topic,
        tenant_id=message.tenant_id,
        now=message.created_at,
        held_until=held_until,
        reference=message.reference | {"notice": message.topic} | more,
    )


def _path(url: str) -> str:
    """Return the path of an address in the friends' app, and nothing for one elsewhere."""
    return urlsplit(url).path if url.startswith(platform_url("/")) else ""
