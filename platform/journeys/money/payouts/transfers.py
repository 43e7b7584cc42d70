"""Payouts go to friends' accounts at Stripe: made, refused, taken back; the friend hears of each. On the platform.

Any number may do this side by side and be killed at any moment: no transfer is made twice, and none is forgotten.
"""

import logging
import time
from datetime import datetime
from uuid import UUID

from django.db import transaction

from journeys.money.payouts.connect import follow_account
from journeys.posting import tell
from journeys.topics import ToFriend
from kernel.errors import DomainError
from payouts import transfers as payouts
from payouts.models import Payout, Transfer
from payouts.selectors import payout_by_id
from payouts.services import note_waiting
from payouts.states import NO_FUNDS, NOT_MADE, NOT_TAKEN, PayoutState
from payouts.transfers import WrongTransfer
from stripe_gateway.errors import RefusedByStripe, UnableToReachStripe

logger = logging.getLogger(__name__)

# Stripe's words for why it does not transfer; whatever else it says is told as it not having done so.
REASONS = {
    "balance_insufficient": NO_FUNDS,
    "insufficient_capabilities_for_transfer": NOT_TAKEN,
    "account_invalid": NOT_TAKEN,
    "resource_missing": NOT_TAKEN,
}


def carry_out_transfers(*, now: datetime, ends: float) -> int:
    """Make or take back the transfers that are due, until a moment of the monotonic clock; return how many."""
    done = 0
    while time.monotonic() < ends and (claimed := payouts.claim_due_transfer(now=now)) is not None:
        try:
            carry_out(claimed, now=now)
        except UnableToReachStripe as error:
            # The others would wait for the same answer.
            payouts.note_failed(claimed, error)
            logger.warning("Stripe cannot be asked about the payout %s: %s", claimed.pk, error.__cause__)
            break
        done += 1
    return done


def carry_out(transfer: Transfer, *, now: datetime) -> None:
    """Make a transfer, or take it back where that is asked for. Raises UnableToReachStripe."""
    if transfer.payout.state == PayoutState.ORDERED:
        _make(transfer, now)
    elif transfer.payout.state == PayoutState.CONFIRMED:
        _take_back(transfer, now)


def take_back_transfer(*, payout_id: UUID, reason: str, who: str, now: datetime) -> bool:
    """Take a transfer back, and say whether that is done already: Stripe may be away, and is asked again then.

    Raises ReasonIsMissing, UnableToRefuse, or NotTakenBack where Stripe does not do it.
    """
    payouts.ask_reversal(payout_id, reason=reason, who=who, now=now)
    transfer = Transfer.objects.select_related("payout").get(pk=payout_id)
    try:
        carry_out(transfer, now=now)
    except UnableToReachStripe as error:
        payouts.note_failed(transfer, error)
        return False
    transfer.refresh_from_db()
    if transfer.reverse_asked_at is None:
        raise NotTakenBack(transfer.last_error)
    return payout_by_id(payout_id).state == PayoutState.RETURNED


class NotTakenBack(DomainError):
    """Stripe's words for why it does not take a transfer back."""

    code = "transfer_not_taken_back"


def _make(transfer: Transfer, now: datetime) -> None:
    try:
        seen = payouts.make(transfer, now=now)
    except RefusedByStripe as error:
        logger.warning("Stripe does not transfer the payout %s: %s", transfer.pk, error.__cause__)
        _refused(transfer, REASONS.get(error.why, NOT_MADE), now)
        return
    except WrongTransfer as error:
        payouts.note_failed(transfer, error, is_over=True)
        logger.error("The transfer of the payout %s is not what was asked for: %s", transfer.pk, error)
        return
    with transaction.atomic():
        made = payouts.note_made(transfer.pk, seen, now=now)
        if made is not None:
            _tell(ToFriend.PAYOUT_CONFIRMED, made, now)


def _refused(transfer: Transfer, reason: str, now: datetime) -> None:
    """Give the friend their money back in the books; where it is their account that takes nothing, look at it first."""
    if reason == NOT_TAKEN:
        try:
            follow_account(transfer.connect_id, now=now)
        except RefusedByStripe as error:
            logger.warning("Stripe does not answer about the account %s: %s", transfer.connect_id, error.__cause__)
    with transaction.atomic():
        refused = payouts.note_refused(transfer.pk, reason, now=now)
        if refused is not None:
            note_waiting([refused.friend_id], now=now)
            _tell(ToFriend.PAYOUT_REFUSED, refused, now)


def _take_back(transfer: Transfer, now: datetime) -> None:
    try:
        seen = payouts.take_back(transfer)
    except RefusedByStripe as error:
        payouts.note_not_taken_back(transfer, error)
        logger.warning("Stripe does not take the payout %s back: %s", transfer.pk, error.__cause__)
        return
    with transaction.atomic():
        taken = payouts.note_taken_back(transfer.pk, seen, now=now)
        if taken is not None:
            note_waiting([taken.friend_id], now=now)
            _tell(ToFriend.PAYOUT_REFUSED, taken, now)


def _tell(topic: ToFriend, payout: Payout, now: datetime) -> None:
    tell(topic, payout.pk, now=now, friend=str(payout.friend_id), payout=str(payout.pk))
