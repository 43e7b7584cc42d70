"""Payouts by transfer to friends' accounts at Stripe. Run on the platform.

The run writes a transfer with its payout and its key, and the books have it under way. Stripe is asked outside of every
transaction; what it has said is booked under the payout's lock. Whatever dies when, whoever comes next asks again: with
the same key, and, since Stripe forgets keys after a day, only after it has said that it has not made the transfer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ledger import chart
from ledger.events import Occasion, payout_refused, payout_transferred
from ledger.kinds import Event
from ledger.selectors import transaction_by_key
from ledger.services import About, Posting, post, reverse
from payouts.errors import ReasonIsMissing, UnableToRefuse
from payouts.models import Payout, Transfer
from payouts.states import NOT_MADE, PayoutState
from stripe_gateway import client
from stripe_gateway.client import SeenTransfer
from stripe_gateway.models import ConnectAccount

BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 300, 1_800))
LONGEST = 300
PRO = "pro"


class WrongTransfer(Exception):
    """Stripe has transferred something else than it was asked for; a person has to look."""


def write_transfers(
    payouts: Sequence[Payout], accounts: Mapping[UUID, ConnectAccount | None], *, now: datetime
) -> None:
    """Write the transfers of payouts, in the transaction that writes these."""
    Transfer.objects.bulk_create(
        Transfer(payout=one, connect=accounts[one.friend_id], key=f"payout:{one.pk}", look_at=now)
        for one in payouts
        if one.by_transfer
    )


@transaction.atomic
def claim_due_transfer(*, now: datetime) -> Transfer | None:
    """Return a transfer that is due; nobody else gets it for as long as asking Stripe may take."""
    due = Transfer.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(look_at__lte=now)
    found = due.select_related("payout", "connect").order_by("look_at", "pk").first()
    if found is not None:
        found.look_at = now + BACKOFF[min(found.failures, len(BACKOFF) - 1)]
        found.save(update_fields=["look_at"])
    return found


def make(transfer: Transfer, *, now: datetime) -> SeenTransfer:
    """Let Stripe transfer a payout, or say that it has; twice does it once. In no transaction.

    Raises WrongTransfer, UnableToReachStripe or RefusedByStripe.
    """
    payout, group = transfer.payout, str(transfer.payout_id)
    seen = client.transfer_of(group) if transfer.tried_at else None
    if seen is None:
        # Written before the call: whoever comes after a death asks first what has become of it.
        Transfer.objects.filter(pk=transfer.pk, tried_at=None).update(tried_at=now)
        seen = client.make_transfer(
            str(transfer.connect.account_id),
            amount_minor=payout.amount_minor,
            currency=payout.currency,
            group=group,
            key=transfer.key,
        )
    said = (seen.account_id, seen.amount_minor, seen.currency)
    asked = (transfer.connect.account_id, payout.amount_minor, payout.currency)
    if said != asked:
        raise WrongTransfer(f"Stripe says {said} and was asked for {asked}.")
    return seen


@transaction.atomic
def note_made(payout_id: UUID, seen: SeenTransfer, *, now: datetime) -> Payout | None:
    """Book that Stripe has transferred a payout, and return it; None where that was known."""
    payout = _locked(payout_id)
    if payout.state != PayoutState.ORDERED:
        return None
    Transfer.objects.filter(pk=payout_id).update(transfer_id=seen.transfer_id, look_at=None, failures=0, last_error="")
    _settle(payout, PayoutState.CONFIRMED, "Stripe", now)
    post(payout_transferred(_occasion(payout, payout.pk, now), amount=payout.amount_minor))
    return payout


@transaction.atomic
def note_refused(payout_id: UUID, reason: str, *, now: datetime) -> Payout | None:
    """Book that Stripe does not transfer a payout, and return it: the money is the friend's as before."""
    payout = _locked(payout_id)
    if payout.state != PayoutState.ORDERED:
        return None
    Transfer.objects.filter(pk=payout_id).update(look_at=None)
    payout.refusal = reason
    _settle(payout, PayoutState.REFUSED, "Stripe", now)
    post(*_given_back(payout, now))
    return payout


def note_failed(transfer: Transfer, error: Exception, *, is_over: bool = False) -> None:
    """Record why Stripe could not be asked; the claim itself is the pause, unless a person has to look."""
    text = f"{type(error).__name__}: {error.__cause__ or error}"[:LONGEST]
    found = Transfer.objects.filter(pk=transfer.pk)
    found.update(failures=F("failures") + 1, last_error=text, **({"look_at": None} if is_over else {}))


@transaction.atomic
def ask_reversal(payout_id: UUID, *, reason: str, who: str, now: datetime) -> None:
    """Write down that a transfer is to come back, and why.

    Raises ReasonIsMissing, or UnableToRefuse where it was not made, or has come back.
    """
    if not reason.strip():
        raise ReasonIsMissing
    payout = _locked(payout_id)
    if payout.state != PayoutState.CONFIRMED or not payout.by_transfer:
        raise UnableToRefuse
    Transfer.objects.filter(pk=payout_id, reverse_asked_at=None).update(
        reverse_asked_at=now, reverse_asked_by=who, reverse_reason=reason.strip()[:LONGEST], look_at=now
    )


def take_back(transfer: Transfer) -> SeenTransfer:
    """Let Stripe take a whole transfer back, or say that it has. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    name = str(transfer.transfer_id)
    seen = client.read_transfer(name)
    left = seen.amount_minor - seen.reversed_minor
    if left:
        client.reverse_transfer(name, amount_minor=left, key=f"{transfer.key}:back:{left}")
        seen = client.read_transfer(name)
    return seen


@transaction.atomic
def note_taken_back(payout_id: UUID, seen: SeenTransfer, *, now: datetime) -> Payout | None:
    """Book that a transfer has come back whole, and return its payout; None where that was known, or is not so."""
    payout = _locked(payout_id)
    if payout.state != PayoutState.CONFIRMED or seen.reversed_minor != payout.amount_minor:
        return None
    transfer = payout.transfer
    Transfer.objects.filter(pk=payout_id).update(look_at=None, failures=0, last_error="")
    payout.refusal = transfer.reverse_reason or NOT_MADE
    _settle(payout, PayoutState.RETURNED, transfer.reverse_asked_by or "Stripe", now)
    made = transaction_by_key(f"{Event.PAYOUT_TRANSFERRED}:{payout_id}")
    assert made is not None, "what is confirmed is in the books"
    reverse(transaction_id=made.pk, on=timezone.localdate(now), now=now)
    post(*_given_back(payout, now))
    return payout


def note_not_taken_back(transfer: Transfer, error: Exception) -> None:
    """Record that Stripe does not take a transfer back: it stays as it is, and can be asked for again."""
    Transfer.objects.filter(pk=transfer.pk).update(
        reverse_asked_at=None, look_at=None, last_error=f"{error.__cause__ or error}"[:LONGEST]
    )


def ask_look(transfer_id: str, *, now: datetime) -> None:
    """Let a transfer be looked at now that Stripe knows, and the books do not."""
    Transfer.objects.filter(transfer_id=transfer_id).update(look_at=now)


def _locked(payout_id: UUID) -> Payout:
    return Payout.objects.select_for_update(no_key=True, of=("self",)).get(pk=payout_id)


def _settle(payout: Payout, state: PayoutState, who: str, now: datetime) -> None:
    payout.state, payout.settled_at, payout.settled_by = state, now, who
    payout.save(update_fields=["state", "settled_at", "settled_by", "refusal"])


def _given_back(payout: Payout, now: datetime) -> list[Posting]:
    parts = (
        (payout.pk, chart.friend(payout.friend_id), payout.friend_minor),
        (uuid5(payout.pk, PRO), chart.pro(payout.friend_id), payout.pro_minor),
    )
    return [payout_refused(_occasion(payout, act, now), worker=worker, amount=amount) for act, worker, amount in parts]


def _occasion(payout: Payout, act: UUID, now: datetime) -> Occasion:
    return Occasion(
        act=act, currency=payout.currency, on=timezone.localdate(now), at=now, about=About(payout_id=payout.pk)
    )
