"""Who owes too much from cash is offered only cashless jobs until it is set off; they are told before, and of both.

Run on the platform.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.services import hold_friends, offer_only_cashless
from journeys.posting import notice
from journeys.topics import ToFriend
from outbox.models import Message
from outbox.services import post_all
from payouts.cash_limits import limits_met, most_minor


@transaction.atomic
def keep_cash_limits(friend_ids: Collection[UUID], *, now: datetime) -> None:
    """Note in which currencies the friends are above the limit or near it by the books, and tell whom it changes.

    Call it after what changes their accounts, in the same transaction. The friends are locked before the books are
    read: of two who book for one friend at once, the second sees what the first has booked.
    """
    friends = hold_friends(friend_ids)
    met, notices = limits_met([friend.pk for friend in friends]), []
    for friend in friends:
        before, after, near = set(friend.cashless_in), met[friend.pk].above, met[friend.pk].near
        warned = set(friend.cash_limit_near_in)
        if (before, warned) != (after, near):
            offer_only_cashless(friend=friend, currencies=after, near=near)
            turns = (
                (ToFriend.CASHLESS_ONLY, after - before),
                (ToFriend.CASH_AGAIN, before - after),
                (ToFriend.CASH_LIMIT_NEAR, near - warned - before),
            )
            notices += [_notice(topic, friend.pk, currency, now) for topic, turn in turns for currency in sorted(turn)]
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
