"""Who owes too much from cash is offered only cashless jobs until it is set off, and hears of both. On the platform."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.services import hold_friends, offer_only_cashless
from journeys.posting import notice
from journeys.topics import ToFriend
from outbox.models import Message
from outbox.services import post_all
from payouts.cash_limits import above_limit, most_minor


@transaction.atomic
def keep_cash_limits(friend_ids: Collection[UUID], *, now: datetime) -> None:
    """Note in which currencies the friends are above the limit by the books of this moment, and tell whom it changes.

    Call it after what changes their accounts, in the same transaction. The friends are locked before the books are
    read: of two who book for one friend at once, the second sees what the first has booked.
    """
    friends = hold_friends(friend_ids)
    above, notices = above_limit([friend.pk for friend in friends]), []
    for friend in friends:
        before, after = set(friend.cashless_in), set(above[friend.pk])
        if before != after:
            offer_only_cashless(friend=friend, currencies=after)
            notices += [
                _notice(ToFriend.CASHLESS_ONLY, friend.pk, currency, now) for currency in sorted(after - before)
            ]
            notices += [_notice(ToFriend.CASH_AGAIN, friend.pk, currency, now) for currency in sorted(before - after)]
    post_all(notices)


def _notice(topic: ToFriend, friend_id: UUID, currency: str, now: datetime) -> Message:
    return notice(
        topic,
        friend_id,
        currency,
        now.isoformat(),
        now=now,
        friend=str(friend_id),
        currency=currency,
        limit=most_minor(currency),
    )
