"""Friends whom DAC7 touches say who they are for the tax office: asked, reminded twice, then not paid until they do.

Run on the platform. The order of the steps and the law behind it are in ``tax.kinds``.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from journeys.posting import notice, tell
from journeys.topics import ToFriend
from outbox.models import Message
from outbox.services import post_all
from payouts.services import hold_for_tax, lift_tax_hold
from tax.kinds import BLOCK, Step
from tax.models import SellerData
from tax.selectors import Due, blocked, due, unasked
from tax.services import Entered, note_asked, note_step
from tax.services import enter_seller_data as keep_seller_data

# So many are asked in one transaction.
PART = 500
_TOPICS = {
    Step.REMIND: ToFriend.TAX_DATA_REMINDED,
    Step.REMIND_AGAIN: ToFriend.TAX_DATA_REMINDED_AGAIN,
    Step.BLOCK: ToFriend.TAX_DATA_BLOCKS,
}


@transaction.atomic
def enter_seller_data(*, friend_id: UUID, entered: Entered, today: date, now: datetime) -> SellerData:
    """Keep what a friend says, and pay them again where its want kept their payouts back.

    Raises NotATin, BirthPlaceIsMissing, NotABirthDate or AddressIsMissing.
    """
    kept = keep_seller_data(friend_id=friend_id, entered=entered, today=today, now=now)
    if lift_tax_hold(friend_id=friend_id, now=now):
        tell(ToFriend.PAYOUTS_LIFTED, friend_id, now.isoformat(), now=now, friend=str(friend_id))
    return kept


def collect_seller_data(*, now: datetime) -> int:
    """Ask who was never asked, take the steps that have come, and return how many were told. May run twice."""
    told = 0
    while part := _ask_some(now):
        told += part
    told += sum(_take(one, now) for one in due(now))
    for friend_id in blocked():
        # Also where an operator's hold stood in its place meanwhile.
        hold_for_tax(friend_id=friend_id, now=now)
    return told


@transaction.atomic
def _ask_some(now: datetime) -> int:
    friends = unasked(PART)
    note_asked(friends, now=now)
    post_all([_notice(ToFriend.TAX_DATA_ASKED, friend_id, now, now) for friend_id in friends])
    return len(friends)


@transaction.atomic
def _take(one: Due, now: datetime) -> bool:
    if not note_step(one, now=now):
        return False
    if one.step == Step.BLOCK:
        hold_for_tax(friend_id=one.asked.friend_id, now=now)
    post_all([_notice(_TOPICS[one.step], one.asked.friend_id, one.asked.asked_at, now)])
    return True


def _notice(topic: ToFriend, friend_id: UUID, asked_at: datetime, now: datetime) -> Message:
    last_day = (asked_at + BLOCK).date().isoformat()
    return notice(topic, friend_id, asked_at.isoformat(), now=now, friend=str(friend_id), until=last_day)
