"""Writes of payments by card. Run on the platform.

An act is written with its key before Stripe hears of it, and Stripe is asked outside of every transaction: whatever
dies when, asking again does nothing twice. What a webhook says is never believed; it moves ``look_at``, and ``look``
reads from Stripe what is true. So neither the order of webhooks nor their number matters, and one that is lost is made
up for by the next look.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from stripe_gateway import client
from stripe_gateway.errors import RefundTooHigh, RefusedByStripe
from stripe_gateway.models import CardPayment, CardRefund, StripeEvent
from stripe_gateway.selectors import live_payment, payment_by_id
from stripe_gateway.states import LIVE, CardState, RefundState

logger = logging.getLogger(__name__)

# How long a customer has to pay. Stripe takes no less than half an hour.
PAY_WITHIN = timedelta(hours=1)
# An open page is looked at so often, in case its webhook got lost.
LOOK_EVERY = timedelta(minutes=5)
# How long to wait after each failure; the last one for ever.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 300, 1_800))
ERROR_LENGTH = 300
# In these Stripe knows more than we do.
UNDECIDED = (*LIVE, CardState.CLOSING, CardState.WRONG)


@dataclass(frozen=True)
class Seen:
    """What Stripe says about an attempt: ``OPEN``, ``PAID``, ``OVER`` or ``WRONG``, and where its page is."""

    state: CardState
    url: str = ""
    intent_id: str = ""
    fault: str = ""


def begin_payment(
    *,
    tenant_id: int,
    order_id: UUID,
    amount_minor: int,
    currency: str,
    title: str,
    return_url: str,
    language: str,
    now: datetime,
) -> CardPayment:
    """Write down that an order is to be paid by card, or return the attempt that is under way. Stripe is not asked yet.

    ``title`` is what the customer reads on the page, ``return_url`` where they come back, paid or not. In the caller's
    transaction, which holds the order's lock.
    """
    live = live_payment(tenant_id=tenant_id, order_id=order_id)
    if live is not None:
        return live
    payment_id, expires_at = uuid4(), now + PAY_WITHIN
    ours = {"card_payment": str(payment_id)}
    price = {"currency": currency.lower(), "unit_amount": amount_minor, "product_data": {"name": title}}
    return CardPayment.objects.create(
        id=payment_id,
        tenant_id=tenant_id,
        order_id=order_id,
        amount_minor=amount_minor,
        currency=currency,
        key=f"card-payment:{payment_id}",
        asked={
            "mode": "payment",
            "client_reference_id": str(payment_id),
            "allowed_payment_method_types": ["card"],
            "line_items": [{"quantity": 1, "price_data": price}],
            "payment_intent_data": {"metadata": ours, "transfer_group": str(order_id)},
            "metadata": ours,
            "success_url": return_url,
            "cancel_url": return_url,
            "expires_at": int(expires_at.timestamp()),
            "locale": language,
        },
        created_at=now,
        expires_at=expires_at,
        look_at=now + LOOK_EVERY,
    )


def look(payment_id: UUID, *, now: datetime) -> Seen:
    """Ask Stripe how an attempt stands, and open or close its page as is wanted. In no transaction.

    Nothing is decided here: the caller settles what was seen under the order's lock (``mark_paid``, ``mark_over``).
    Raises UnableToReachStripe, or RefusedByStripe where the page cannot be opened.
    """
    payment = payment_by_id(payment_id)
    if payment.state not in UNDECIDED:
        return Seen(CardState(payment.state))
    if payment.session_id is None and payment.state == CardState.CLOSING:
        # Nobody has ever been told its address.
        return Seen(CardState.OVER)
    session_id = payment.session_id or _open(payment)
    page = client.read_page(session_id)
    if page.is_open and (payment.state == CardState.CLOSING or now >= payment.expires_at):
        client.close_page(session_id)
        page = client.read_page(session_id)
    if page.is_paid:
        fault = _fault(payment, page)
        return Seen(CardState.WRONG if fault else CardState.PAID, intent_id=page.intent_id, fault=fault)
    return Seen(CardState.OVER) if page.is_expired else Seen(CardState.OPEN, url=page.url)


def mark_paid(payment_id: UUID, *, intent_id: str, now: datetime) -> bool:
    """Record that the money has come, and say whether that was new."""
    return _mark(payment_id, CardState.PAID, paid_at=now, intent_id=intent_id)


def mark_over(payment_id: UUID) -> bool:
    """Record that nobody can pay on this page any more, and say whether that was new."""
    return _mark(payment_id, CardState.OVER)


def mark_wrong(payment_id: UUID, *, fault: str) -> bool:
    """Record that Stripe has charged something else than it was asked for, and say whether that was new."""
    wrong = CardPayment.objects.filter(pk=payment_id, state__in=[*LIVE, CardState.CLOSING])
    return bool(wrong.update(state=CardState.WRONG, look_at=None, last_error=fault[:ERROR_LENGTH]))


def give_up_pages(*, tenant_id: int, order_id: UUID, now: datetime) -> None:
    """Let the page of an order be closed that nobody wants to be paid on any more (1 query)."""
    live = CardPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, state__in=LIVE)
    live.update(state=CardState.CLOSING, look_at=now)


def ask_refund(payment_id: UUID, *, amount_minor: int, why: str, now: datetime) -> CardRefund:
    """Let money go back to the card, at the next look. In the caller's transaction.

    Raises RefundTooHigh where more would go back than came.
    """
    within = CardPayment.objects.filter(
        pk=payment_id, state=CardState.PAID, refunded_minor__lte=F("amount_minor") - amount_minor
    )
    if not within.update(refunded_minor=F("refunded_minor") + amount_minor, look_at=now):
        raise RefundTooHigh
    return CardRefund.objects.create(payment_id=payment_id, amount_minor=amount_minor, why=why, created_at=now)


def make_refunds(payment_id: UUID, *, now: datetime) -> bool:
    """Send back what was asked for; say whether something of the order has gone back and nothing waits any more.

    In no transaction. Raises UnableToReachStripe; asking again makes none twice.
    """
    asked = CardRefund.objects.filter(payment=payment_id, state=RefundState.ASKED).select_related("payment")
    for refund in asked.order_by("created_at"):
        try:
            refund_id, is_made = client.give_back(
                str(refund.payment.intent_id),
                amount_minor=refund.amount_minor,
                metadata={"card_payment": str(payment_id), "card_refund": str(refund.pk)},
                key=f"card-refund:{refund.pk}",
            )
        except RefusedByStripe as error:
            refund_id, is_made = None, False
            logger.error("Stripe does not make the refund %s: %s", refund.pk, error.__cause__)
        found = CardRefund.objects.filter(pk=refund.pk, state=RefundState.ASKED)
        state = RefundState.MADE if is_made else RefundState.FAILED
        found.update(state=state, refund_id=refund_id, made_at=now if is_made else None)
    payment = payment_by_id(payment_id)
    of_order = CardRefund.objects.filter(payment__tenant_id=payment.tenant_id, payment__order_id=payment.order_id)
    return set(of_order.values_list("state", flat=True)) == {RefundState.MADE}


@transaction.atomic
def claim_due(*, now: datetime) -> CardPayment | None:
    """Return a payment that is due for a look; nobody else gets it for as long as a look may take."""
    due = CardPayment.objects.select_for_update(skip_locked=True).filter(look_at__lte=now)
    payment = due.order_by("look_at").first()
    if payment is not None:
        payment.look_at = now + BACKOFF[min(payment.failures, len(BACKOFF) - 1)]
        payment.save(update_fields=["look_at"])
    return payment


def note_looked(claimed: CardPayment, *, now: datetime) -> None:
    """Say when a payment is looked at next, unless somebody has asked for a look meanwhile."""
    payment = payment_by_id(claimed.pk)
    next_at = None
    if payment.state in {*LIVE, CardState.CLOSING}:
        next_at = min(now + LOOK_EVERY, payment.expires_at) if now < payment.expires_at else now + LOOK_EVERY
    mine = CardPayment.objects.filter(pk=claimed.pk, look_at=claimed.look_at)
    mine.update(look_at=next_at, failures=0, last_error=payment.last_error if payment.state == CardState.WRONG else "")


def note_failed(claimed: CardPayment, error: Exception) -> None:
    """Record why a look has failed; the claim itself is the pause before the next."""
    text = f"{type(error).__name__}: {error.__cause__ or error}"[:ERROR_LENGTH]
    CardPayment.objects.filter(pk=claimed.pk).update(failures=F("failures") + 1, last_error=text)


@transaction.atomic
def receive_event(body: bytes, signature: str, *, now: datetime) -> bool:
    """Store a webhook once and let its payment be looked at; say whether it was new.

    Raises ForgedEvent.
    """
    event = client.read_event(body, signature)
    named = _uuid(event.reference)
    payment = CardPayment.objects.filter(pk=named).first() if named else None
    _stored, is_new = StripeEvent.objects.get_or_create(
        id=event.event_id,
        defaults={"kind": event.kind, "object_id": event.object_id, "payment": payment, "received_at": now},
    )
    if is_new and payment is not None:
        ask_look([payment.pk], now=now)
    return is_new


def ask_look(payment_ids: list[UUID], *, now: datetime) -> int:
    """Let payments be looked at now; return how many."""
    return CardPayment.objects.filter(pk__in=payment_ids).update(look_at=now)


def replay_events(*, since: datetime, now: datetime) -> int:
    """Let all payments be looked at once more about which a webhook came since then; return how many."""
    return CardPayment.objects.filter(events__received_at__gte=since).distinct().update(look_at=now)


def _open(payment: CardPayment) -> str:
    """Open the page of an attempt, which asking twice does once, and keep its id."""
    try:
        session_id = client.open_page(payment.asked, key=payment.key)
    except RefusedByStripe:
        # It will not be opened next time either; its order has until its end to be paid another way.
        refused = CardPayment.objects.filter(pk=payment.pk, state__in=LIVE)
        refused.update(state=CardState.CLOSING, look_at=payment.expires_at)
        raise
    CardPayment.objects.filter(pk=payment.pk).update(session_id=session_id)
    CardPayment.objects.filter(pk=payment.pk, state=CardState.STARTED).update(state=CardState.OPEN)
    return session_id


def _fault(payment: CardPayment, page: client.Page) -> str:
    """Say what of a paid page is not what was asked for; nothing where all is."""
    asked = (str(payment.pk), payment.amount_minor, payment.amount_minor, payment.currency)
    said = (page.reference, page.amount_minor, page.received_minor, page.currency)
    return "" if said == asked else f"Stripe says {said} and was asked for {asked}."


def _mark(payment_id: UUID, state: CardState, **changes: object) -> bool:
    undecided = CardPayment.objects.filter(pk=payment_id, state__in=UNDECIDED)
    return bool(undecided.update(state=state, look_at=None, **changes))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
