"""Friends whom DAC7 touches say who they are for the tax office: asked, reminded twice, then not paid until they do.

Run on the platform. The steps are in ``tax.kinds``.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from journeys.posting import notice, tell
from journeys.topics import ToFriend
from outbox.models import Message
from outbox.services import post_all
from payouts.services import hold_for_tax, lift_hold, lift_tax_hold
from tax.kinds import BLOCK, Step
from tax.models import SellerData
from tax.selectors import Due, due, gone, unasked
from tax.services import Entered, ask_no_more, lock_asked, note_asked, note_step
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
    _pay_again(friend_id, now)
    return kept


@transaction.atomic
def lift_operators_hold(*, friend_id: UUID, who: str, now: datetime) -> bool:
    """Lift an operator's hold; say whether the friend is paid again.

    Who has not answered in time is held by the law at once, so that no run comes between the two.
    """
    asked = lock_asked(friend_id)
    is_lifted = lift_hold(friend_id=friend_id, who=who, now=now)
    if asked is None or asked.blocked_at is None:
        return is_lifted
    hold_for_tax(friend_id=friend_id, now=now)
    return False


def collect_seller_data(*, now: datetime) -> int:
    """Ask who was never asked, take the steps that have come, and return how many were told. May run twice."""
    told = 0
    while part := _ask_some(now):
        told += part
    told += sum(_take(one, now) for one in due(now))
    for friend_id in gone():
        _leave_alone(friend_id, now)
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


@transaction.atomic
def _leave_alone(friend_id: UUID, now: datetime) -> None:
    ask_no_more(friend_id)
    _pay_again(friend_id, now)


def _pay_again(friend_id: UUID, now: datetime) -> None:
    if lift_tax_hold(friend_id=friend_id, now=now):
        tell(ToFriend.PAYOUTS_LIFTED, friend_id, now.isoformat(), now=now, friend=str(friend_id))


def _notice(topic: ToFriend, friend_id: UUID, asked_at: datetime, now: datetime) -> Message:
    last_day = (asked_at + BLOCK).date().isoformat()
    return notice(topic, friend_id, asked_at.isoformat(), now=now, friend=str(friend_id), until=last_day)
