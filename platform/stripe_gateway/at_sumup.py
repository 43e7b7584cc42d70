"""Writes of card payments at SumUp, on a hosted page or a card reader. The rest of their life is in ``services``.

SumUp signs nothing: what it says at our address is a hint that a payment is worth a look, and no more.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from stripe_gateway import sumup
from stripe_gateway.client import SeenDispute, SeenMovement
from stripe_gateway.errors import RefusedBySumUp
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardDispute, CardPayment
from stripe_gateway.selectors import live_payment, merchant_of, refuse_sandbox
from stripe_gateway.services import LOOK_EVERY, PAY_WITHIN, UNDECIDED, give_up
from stripe_gateway.states import UNDECIDED_DISPUTES, CardState, DisputeState

# How long a card reader waits for a card and its bank at the very most.
READER_WITHIN = timedelta(minutes=5)
MINOR = 100


def begin_at_sumup(
    *,
    tenant_id: int,
    order_id: UUID,
    amount_minor: int,
    currency: str,
    title: str,
    return_url: str,
    notify_url: str,
    reader: str = "",
    now: datetime,
) -> CardPayment:
    """Write down that an order is to be paid at SumUp, or return the attempt under way. Nobody is asked yet.

    ``title`` is what the customer reads on the page, ``return_url`` where they come back, paid or not; with a
    ``reader`` there is no page. In the caller's transaction, which holds the order's lock.
    """
    refuse_sandbox(tenant_id)
    live = live_payment(tenant_id=tenant_id, order_id=order_id)
    if live is not None:
        return live
    payment_id, expires_at = uuid4(), now + (READER_WITHIN if reader else PAY_WITHIN)
    asked: dict[str, Any] = {"description": title}
    if reader:
        asked |= {
            "total_amount": {"currency": currency, "minor_unit": 2, "value": amount_minor},
            "affiliate": sumup.affiliate(str(payment_id)),
        }
    else:
        asked |= {
            "checkout_reference": str(payment_id),
            "amount": amount_minor / MINOR,
            "currency": currency,
            "merchant_code": merchant_of(currency),
            "hosted_checkout": {"enabled": True},
            "redirect_url": return_url,
            "return_url": notify_url,
            "valid_until": expires_at.isoformat(),
        }
    return CardPayment.objects.create(
        id=payment_id,
        tenant_id=tenant_id,
        order_id=order_id,
        provider=Provider.SUMUP,
        reader=reader,
        # What a reader brings is found by our own reference, so it is looked for even if its answer gets lost.
        session_id=str(payment_id) if reader else None,
        state=CardState.OPEN if reader else CardState.STARTED,
        amount_minor=amount_minor,
        currency=currency,
        key=f"card-payment:{payment_id}",
        asked=asked,
        created_at=now,
        expires_at=expires_at,
        look_at=now + LOOK_EVERY,
    )


def start_reader(payment: CardPayment, *, now: datetime) -> None:
    """Let the payment's card reader ask for the card. It is asked once, whether or not its answer gets lost.

    In no transaction. Raises UnableToReachSumUp, RefusedBySumUp or ReaderNotReady.
    """
    mine = CardPayment.objects.filter(pk=payment.pk, state=CardState.OPEN, look_at=payment.created_at + LOOK_EVERY)
    if not mine.update(look_at=now + LOOK_EVERY / 2):
        return
    try:
        sumup.start_reader(merchant_of(payment.currency), payment.reader, payment.asked)
    except RefusedBySumUp:
        give_up(payment)
        raise


def note_hint(session_id: str, *, now: datetime) -> None:
    """Let a payment be looked at now of which somebody says that something has happened to it."""
    told = CardPayment.objects.filter(provider=Provider.SUMUP, session_id=session_id, state__in=UNDECIDED)
    told.update(look_at=now)


def read_charge_backs(payment: CardPayment) -> list[SeenDispute]:
    """Return the charge-backs of a payment as they stand now. In no transaction.

    SumUp knows nothing of our answer: one that an operator has answered waits for the bank. Raises UnableToReachSumUp
    or RefusedBySumUp.
    """
    answered = set(payment.disputes.exclude(answered_at=None).values_list("dispute_id", flat=True))
    return [
        replace(one, status="under_review") if one.status == "needs_response" and one.dispute_id in answered else one
        for one in sumup.read_charge_backs(merchant_of(payment.currency), str(payment.intent_id))
    ]


def note_answered(dispute: CardDispute, *, who: str, now: datetime) -> None:
    """Write down who has taken the answer to hand it in at SumUp, where the bank has not decided yet."""
    undecided = CardDispute.objects.filter(pk=dispute.pk, state__in=UNDECIDED_DISPUTES)
    undecided.update(state=DisputeState.ANSWERED, answered_at=now, answered_by=who)


def read_movements(*, since: datetime, until: datetime) -> Iterator[list[SeenMovement]]:
    """Yield what has moved in the platform's accounts in a time, page by page. In no transaction.

    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    return sumup.read_movements(since=since, until=until)
