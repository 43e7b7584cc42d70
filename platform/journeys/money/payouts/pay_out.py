"""Friends are paid what the books owe them, and hear of it. Run on the platform (R19)."""

import time
from datetime import datetime
from uuid import UUID

from django.db import transaction

from journeys.money.payouts.cash_limits import keep_cash_limits
from journeys.money.payouts.transfers import carry_out_transfers
from journeys.money.sellers.seller_data import lift_operators_hold
from journeys.posting import notice, tell
from journeys.topics import ToFriend
from outbox.models import Message
from outbox.services import post_all
from payouts import services as payouts
from payouts.bank_file import bank_file
from payouts.errors import NothingToOrder, RunIsNotOver
from payouts.models import BankAccount, Hold, Payout
from payouts.selectors import payouts_of_file, run_by_id
from payouts.states import PayoutState

# So long may one task go on before the next one takes its place, in seconds.
BUDGET_S = 45.0


@transaction.atomic
def enter_account(*, friend_id: UUID, holder: str, iban: str, now: datetime) -> BankAccount:
    """Pay a friend to another account from now on and tell them by mail, whoever it was that entered it.

    Raises HolderIsMissing, NotAnIban, IbanHasAnotherLength, IbanOutOfReach or IbanForBills.
    """
    entered = payouts.enter_account(friend_id=friend_id, holder=holder, iban=iban, now=now)
    friend = str(friend_id)
    tell(ToFriend.PAYOUT_ACCOUNT_ENTERED, entered.pk, now=now, friend=friend, account=entered.masked)
    return entered


@transaction.atomic
def hold_payouts(*, friend_id: UUID, reason: str, who: str, now: datetime) -> Hold:
    """Keep a friend's payouts back and tell them why.

    Raises ReasonIsMissing or HeldAlready.
    """
    hold = payouts.hold_payouts(friend_id=friend_id, reason=reason, who=who, now=now)
    tell(ToFriend.PAYOUTS_HELD, hold.pk, now=now, friend=str(friend_id), reason=hold.reason)
    return hold


@transaction.atomic
def lift_hold(*, friend_id: UUID, who: str, now: datetime) -> bool:
    """Let a friend be paid again and tell them; say whether they are, or want of tax details still keeps it back."""
    is_paid_again = lift_operators_hold(friend_id=friend_id, who=who, now=now)
    if is_paid_again:
        tell(ToFriend.PAYOUTS_LIFTED, friend_id, now.isoformat(), now=now, friend=str(friend_id))
    return is_paid_again


def carry_out_runs(*, now: datetime, budget_s: float = BUDGET_S) -> int:
    """Begin the runs that are due, go on with all that are not over, and return how many payouts were ordered.

    May run twice and side by side, and may be killed at any moment: whoever comes next goes on.
    """
    ends, ordered = time.monotonic() + budget_s, 0
    payouts.start_due_runs(now=now)
    for run_id in payouts.open_runs():
        while time.monotonic() < ends:
            part = order_part(run_id=run_id, now=now)
            if part is None:
                break
            ordered += part
    carry_out_transfers(now=now, ends=ends)
    return ordered


@transaction.atomic
def order_part(*, run_id: UUID, now: datetime) -> int | None:
    """Order the payouts of the run's next friends and tell them; None where the run is over."""
    part = payouts.order_some(run_id=run_id, now=now)
    if part is None:
        return None
    keep_cash_limits([one.friend_id for one in part if one.netted_minor], now=now)
    paid = [one for one in part if one.amount_minor]
    # A transfer is there at once, and told when it is.
    post_all([_notice(ToFriend.PAYOUT_ORDERED, one, now) for one in paid if not one.by_transfer])
    return len(paid)


@transaction.atomic
def take_file(*, run_id: UUID, file_number: int, who: str, now: datetime) -> bytes:
    """Return a bank file, and write down who has it now.

    Raises RunIsNotOver, NoBankAccount, or NothingToOrder where the bank has carried it out.
    """
    run = payouts.lock_run(run_id)
    if not payouts_of_file(run_id, file_number).filter(state=PayoutState.ORDERED).exists():
        raise NothingToOrder
    file = bank_file(run, file_number)
    payouts.note_download(run=run, file_number=file_number, who=who, now=now)
    return file


def confirm_file(*, run_id: UUID, file_number: int, who: str, now: datetime) -> int:
    """Book that the bank has carried out a file, tell the friends, and return how many payouts it was.

    Killed half way, it goes on with the next call. Raises RunIsNotOver.
    """
    if run_by_id(run_id).finished_at is None:
        raise RunIsNotOver
    confirmed = 0
    while True:
        with transaction.atomic():
            part = payouts.confirm_some(run_id=run_id, file_number=file_number, who=who, now=now)
            post_all([_notice(ToFriend.PAYOUT_CONFIRMED, one, now) for one in part])
        if not part:
            return confirmed
        confirmed += len(part)


@transaction.atomic
def refuse_payout(*, payout_id: UUID, reason: str, who: str, now: datetime) -> Payout:
    """Book that the bank has refused a payout, or that it came back, and tell the friend.

    Raises ReasonIsMissing or UnableToRefuse.
    """
    payout = payouts.refuse_payout(payout_id=payout_id, reason=reason, who=who, now=now)
    post_all([_notice(ToFriend.PAYOUT_REFUSED, payout, now)])
    return payout


def _notice(topic: ToFriend, payout: Payout, now: datetime) -> Message:
    return notice(topic, payout.pk, now=now, friend=str(payout.friend_id), payout=str(payout.pk))
