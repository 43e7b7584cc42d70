"""Messages in lanes: of each lane at most one is out, and nobody holds a transaction while it is.

Whoever takes a message up says afterwards what came of it. One of which nothing is said comes up again when its lease
is over, so a process that dies loses none.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from outbox.models import Message
from outbox.services import record_failure


@transaction.atomic
def take_up(
    *,
    topic: str,
    lane: str,
    left_out: Collection[str] = (),
    only: Collection[str] | None = None,
    most: int,
    lease: timedelta,
    now: datetime,
) -> list[Message]:
    """Take up the first due message of each lane, the oldest first, and return them (2 queries).

    ``lane`` names the part of the reference that says in which lane a message goes. Lanes that are ``left_out`` are not
    looked at, nor any but ``only`` those where some are given.
    """
    due = Message.objects.filter(topic=topic, due_at__lte=now, sent_at=None, gave_up_at=None)
    of_lane = f"reference__{lane}"
    due = due.exclude(**{f"{of_lane}__in": list(left_out)})
    if only is not None:
        due = due.filter(**{f"{of_lane}__in": list(only)})
    first = due.order_by(of_lane, "due_at", "id").distinct(of_lane)
    found = list(Message.objects.filter(pk__in=first.values("pk")).order_by("due_at", "id")[:most])
    _put_off(found, now + lease)
    return found


def put_off(message: Message, *, until: datetime) -> None:
    """Let a message come up again later; that counts as no attempt."""
    _put_off([message], until)


def mark_sent(message: Message, *, now: datetime) -> None:
    """Note that a message is delivered, if it is still there."""
    message.sent_at = now
    Message.objects.filter(pk=message.pk).update(sent_at=now)


def mark_failed(message: Message, *, why: str, backoff: Sequence[timedelta], now: datetime) -> None:
    """Note that an attempt has failed; after the last one of ``backoff`` the message is given up."""
    record_failure(message, why, backoff=backoff, now=now)


def _put_off(messages: Sequence[Message], until: datetime) -> None:
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(due_at=until)
