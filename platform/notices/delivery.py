"""How notices reach people: by channel and notice, from commit to delivered; and once more where one was given up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from developers.kinds import WEBHOOK
from journeys.topics import ToManagers, ToOperators, ToStaff
from notices.channels import MAIL_TOPIC, PUSH_TOPIC, FriendNotice
from notices.handlers import HANDLERS
from notifications.kinds import Channel
from outbox.selectors import Delivery, deliveries

_TO_STAFF = frozenset[str]({*ToManagers, *ToOperators, *ToStaff})
LOOK_BACK = timedelta(days=1)
CHANNELS = {MAIL_TOPIC: Channel.MAIL, PUSH_TOPIC: Channel.PUSH, WEBHOOK: Channel.WEBHOOK}


@dataclass(frozen=True)
class Measured:
    """The figures of one notice on one channel."""

    channel: Channel
    notice: str
    figures: Delivery

    @property
    def about(self) -> str:
        """Say in words what kind of notice it is."""
        return about(self.notice)


def measured(*, now: datetime) -> list[Measured]:
    """Return what was delivered in the last 24 hours, and what was not yet, by channel and notice (1 query)."""
    order = list(Channel)
    return sorted(_named(now), key=lambda one: (order.index(one.channel), one.notice))


def about(notice: str) -> str:
    """Say in words to whom a notice goes, and to a friend of what kind it is."""
    handler = HANDLERS.get(notice)
    if isinstance(handler, FriendNotice):
        return str(handler.kind.label) if handler.kind else _("To friends")
    if notice == WEBHOOK:
        return _("To partners' systems")
    return _("To staff") if notice in _TO_STAFF else _("To customers")


def channel_of(topic: str) -> Channel:
    """Return the channel that a topic's messages go out on; what a journey posts to a friend goes into the inbox."""
    if isinstance(HANDLERS.get(topic), FriendNotice):
        return Channel.APP
    return CHANNELS.get(topic, Channel.MAIL)


def _named(now: datetime) -> Iterator[Measured]:
    for figures in deliveries(since=now - LOOK_BACK, now=now):
        yield Measured(channel_of(figures.topic), figures.about or figures.topic, figures)
