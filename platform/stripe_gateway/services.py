"""Writes of payments by card. Run on the platform.

An act is written with its key before Stripe hears of it, and Stripe is asked outside of every transaction: whatever
dies when, asking again does nothing twice. What a webhook says is never believed; it moves ``look_at``, and ``look``
reads from Stripe what is true. So neither the order of webhooks nor their number matters, and one that is lost is made
up for by the next look.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from stripe_gateway import client
from stripe_gateway.client import SeenDispute, SeenMovement
from stripe_gateway.errors import RefundTooHigh, RefusedByProvider
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardDispute, CardPayment, CardRefund, ConnectAccount, StripeEvent
from stripe_gateway.providers import provider_of
from stripe_gateway.selectors import live_payment, payment_by_id
from stripe_gateway.states import (
    LIVE,
    REFUNDS_DONE,
    UNDECIDED_DISPUTES,
    CardState,
    DisputeState,
    Purpose,
    RefundState,
)
from tenants.selectors import tenant_by_id

logger = logging.getLogger(__name__)

# How long a customer has to pay. Stripe takes no less than half an hour.
PAY_WITHIN = timedelta(hours=1)
# An open page is looked at so often, in case its webhook got lost.
LOOK_EVERY = timedelta(minutes=5)
# One that waits for a bank, more seldom: that takes days.
LOOK_AT_PENDING_EVERY = timedelta(hours=1)
# How long to wait after each failure; the last one for ever.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 300, 1_800))
ERROR_LENGTH = 300
# In these Stripe knows more than we do.
UNDECIDED = (*LIVE, CardState.CLOSING, CardState.WRONG)
# Stripe's words; whatever else it may say one day waits for a person.
DISPUTES = {
    "needs_response": DisputeState.OPEN,
    "warning_needs_response": DisputeState.OPEN,
    "under_review": DisputeState.ANSWERED,
    "warning_under_review": DisputeState.ANSWERED,
    "won": DisputeState.WON,
    "prevented": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "lost": DisputeState.LOST,
}
OF_ACCOUNTS = "account."
REFUND_NEWS = ("refund.failed", "refund.updated", "charge.refund.updated")


@dataclass(frozen=True)
class Seen:
    """What Stripe says about an attempt: ``OPEN``, ``PAID``, ``OVER`` or ``WRONG``, and where its page is."""

    state: CardState
    url: str = ""
    intent_id: str = ""
    fault: str = ""
    received_minor: int = 0
    # The customer has done their part; their bank says yes or no later.
    is_pending: bool = False


def begin_payment(
    *,
    tenant_id: int,
    order_id: UUID,
    amount_minor: int,
    currency: str,
    way: str,
    title: str,
    return_url: str,
    language: str,
    purpose: str = Purpose.ORDER,
    now: datetime,
) -> CardPayment:
    """Write down that an order, or a tip, is to be paid online, or return the attempt under way; nobody is asked yet.

    ``way`` is Stripe's name of how (``card``, ``twint``), ``title`` what the customer reads on the page, ``return_url``
    where they come back, paid or not. In the caller's transaction, which holds the order's lock.
    """
    live = live_payment(tenant_id=tenant_id, order_id=order_id, purpose=purpose)
    if live is not None:
        return live
    payment_id, expires_at = uuid4(), now + PAY_WITHIN
    ours = {"card_payment": str(payment_id)}
    price = {"currency": currency.lower(), "unit_amount": amount_minor, "product_data": {"name": title}}
    return CardPayment.objects.create(
        id=payment_id,
        tenant_id=tenant_id,
        order_id=order_id,
        provider=Provider.SANDBOX if tenant_by_id(tenant_id).is_sandbox else Provider.STRIPE,
        purpose=purpose,
        amount_minor=amount_minor,
        currency=currency,
        key=f"card-payment:{payment_id}",
        asked={
            "mode": "payment",
            "client_reference_id": str(payment_id),
            "allowed_payment_method_types": [way],
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
    """Ask the provider how an attempt stands, and open or close its page as is wanted. In no transaction.

    Nothing is decided here: the caller settles what was seen under the order's lock (``mark_paid``, ``mark_over``).
    Raises UnableToReachProvider, or RefusedByProvider where the page cannot be opened.
    """
    payment = payment_by_id(payment_id)
    if payment.state not in UNDECIDED or payment.refunds.exists():
        return Seen(CardState(payment.state))
    if payment.session_id is None and payment.state == CardState.CLOSING:
        # Nobody has ever been told its address.
        return Seen(CardState.OVER)
    provider, session_id = provider_of(payment), payment.session_id or _open(payment)
    page = provider.read(payment, session_id)
    if page.is_open and (payment.state == CardState.CLOSING or now >= payment.expires_at):
        provider.close(payment, session_id)
        page = provider.read(payment, session_id)
    if page.is_paid:
        fault = _fault(payment, page)
        state = CardState.WRONG if fault else CardState.PAID
        return Seen(state, intent_id=page.intent_id, fault=fault, received_minor=page.received_minor)
    if page.is_expired or page.has_failed:
        return Seen(CardState.OVER)
    return Seen(CardState.OPEN, url=page.url, is_pending=page.is_pending)


def mark_paid(payment_id: UUID, *, intent_id: str, now: datetime) -> bool:
    """Record that the money has come, and say whether that was new."""
    return _mark(payment_id, CardState.PAID, paid_at=now, intent_id=intent_id)


def mark_pending(payment_id: UUID, *, now: datetime) -> bool:
    """Record that the money waits for the customer's bank, and say whether that was new."""
    waits = CardPayment.objects.filter(pk=payment_id, state__in=[*LIVE, CardState.CLOSING], pending_since=None)
    return bool(waits.update(pending_since=now))


def mark_over(payment_id: UUID) -> bool:
    """Record that nobody can pay on this page any more, and say whether that was new."""
    return _mark(payment_id, CardState.OVER)


def mark_wrong(payment_id: UUID, *, seen: Seen) -> bool:
    """Record that Stripe has charged something else than it was asked for, and say whether that was new."""
    wrong = CardPayment.objects.filter(pk=payment_id, state__in=[*LIVE, CardState.CLOSING])
    fault = seen.fault[:ERROR_LENGTH]
    return bool(
        wrong.update(
            state=CardState.WRONG,
            look_at=None,
            last_error=fault,
            intent_id=seen.intent_id or None,
            received_minor=seen.received_minor,
        )
    )


def return_wrong(payment_id: UUID, *, who: str, now: datetime) -> bool:
    """Let all that has come of a wrong payment go back, and say whether that was asked for just now.

    In the caller's transaction.
    """
    payment = CardPayment.objects.select_for_update().get(pk=payment_id)
    if payment.state != CardState.WRONG or not payment.received_minor or payment.refunds.exists():
        return False
    CardRefund.objects.create(
        payment=payment, amount_minor=payment.received_minor, why="wrong", asked_by=who, created_at=now
    )
    return bool(ask_look([payment.pk], now=now))


@transaction.atomic
def refund_again(refund_id: UUID, *, who: str, now: datetime) -> bool:
    """Ask for another refund in place of one that has failed, and say whether it had."""
    return _replaced(refund_id, who=who, now=now, state=RefundState.ASKED)


@transaction.atomic
def settle_refund(refund_id: UUID, *, who: str, now: datetime) -> bool:
    """Record that the money of a failed refund was sent another way, and say whether it had failed."""
    return _replaced(refund_id, who=who, now=now, state=RefundState.BY_HAND, made_at=now)


def give_up(payment: CardPayment) -> None:
    """Let an attempt end that the provider does not take, with the time of its order to be paid another way."""
    refused = CardPayment.objects.filter(pk=payment.pk, state__in=LIVE)
    refused.update(state=CardState.CLOSING, look_at=payment.expires_at)


def give_up_pages(*, tenant_id: int, order_id: UUID, purpose: str = Purpose.ORDER, now: datetime) -> None:
    """Let the page of an order, or of a tip, be closed that nobody wants to be paid on any more (1 query)."""
    live = CardPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, purpose=purpose, state__in=LIVE)
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

    While the money is disputed it waits: the bank may give it back. In no transaction. Raises UnableToReachStripe;
    asking again makes none twice.
    """
    disputes = CardDispute.objects.filter(payment=payment_id, moves_money=True)
    if disputes.filter(state__in=UNDECIDED_DISPUTES).exists():
        return False
    asked = CardRefund.objects.filter(payment=payment_id, state=RefundState.ASKED).select_related("payment")
    if disputes.filter(state=DisputeState.LOST).exists():
        # The customer has had it from the bank.
        asked.update(state=RefundState.BY_BANK)
    for refund in asked.order_by("created_at"):
        with nullcontext() if provider_of(refund.payment).knows_keys else _one_at_a_time(refund):
            _make_refund(refund, now)
    payment = payment_by_id(payment_id)
    of_order = CardRefund.objects.filter(
        payment__tenant_id=payment.tenant_id, payment__order_id=payment.order_id, payment__purpose=payment.purpose
    )
    states = set(of_order.values_list("state", flat=True)) - {RefundState.REPLACED}
    return bool(states) and states <= set(REFUNDS_DONE)


def _make_refund(refund: CardRefund, now: datetime) -> None:
    found = CardRefund.objects.filter(pk=refund.pk, state=RefundState.ASKED)
    if not found.exists():
        return
    try:
        refund_id, is_made = provider_of(refund.payment).give_back(refund)
    except RefusedByProvider as error:
        refund_id, is_made = None, False
        logger.error("%s does not make the refund %s: %s", refund.payment.provider, refund.pk, error.__cause__)
    state = RefundState.MADE if is_made else RefundState.FAILED
    found.update(state=state, refund_id=refund_id, made_at=now if is_made else None)


@contextmanager
def _one_at_a_time(refund: CardRefund) -> Iterator[None]:
    """Keep others from making a payment's refunds meanwhile: who knows no keys would send the money twice."""
    with transaction.atomic():
        list(CardRefund.objects.select_for_update(no_key=True).filter(payment=refund.payment_id).order_by("pk"))
        yield


def note_failed_refunds(payment_id: UUID) -> None:
    """Read again the refunds of which a webhook has told: one may have failed after all. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    told = StripeEvent.objects.filter(payment=payment_id, kind__in=REFUND_NEWS).values("object_id")
    made = CardRefund.objects.filter(payment=payment_id, state=RefundState.MADE, refund_id__in=told)
    failed = [refund.pk for refund in made if client.refund_has_failed(str(refund.refund_id))]
    CardRefund.objects.filter(pk__in=failed, state=RefundState.MADE).update(state=RefundState.FAILED, made_at=None)


def read_disputes(payment_id: UUID) -> list[SeenDispute]:
    """Return the disputes of a payment of which a webhook has told, as Stripe sees them now. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    payment = payment_by_id(payment_id)
    about = Q(payment=payment)
    if payment.intent_id:
        about |= Q(intent_id=payment.intent_id)
    told = StripeEvent.objects.filter(about, kind__startswith="charge.dispute.")
    return [client.read_dispute(name) for name in sorted(set(told.values_list("object_id", flat=True)))]


def read_movements(*, since: datetime, until: datetime) -> Iterator[list[SeenMovement]]:
    """Yield what has moved in the account at Stripe in a time, page by page. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    return client.read_movements(since=since, until=until)


def read_dispute(dispute_id: str) -> SeenDispute:
    """Return how a dispute stands. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    return client.read_dispute(dispute_id)


def note_dispute(payment_id: UUID, seen: SeenDispute, *, now: datetime) -> tuple[CardDispute, bool]:
    """Record how a dispute stands, and say whether that is news. In the caller's transaction."""
    CardPayment.objects.select_for_update().get(pk=payment_id)
    state = DISPUTES.get(seen.status, DisputeState.OPEN)
    dispute = CardDispute.objects.filter(dispute_id=seen.dispute_id).first()
    if dispute is None:
        dispute = CardDispute(payment_id=payment_id, dispute_id=seen.dispute_id, opened_at=now)
    elif (dispute.state, dispute.moves_money, dispute.due_by) == (state, not seen.is_inquiry, seen.due_by):
        return dispute, False
    if state in UNDECIDED_DISPUTES:
        dispute.closed_at = None
    elif dispute.state != state:
        dispute.closed_at = now
    dispute.state, dispute.moves_money, dispute.due_by = state, not seen.is_inquiry, seen.due_by
    dispute.amount_minor, dispute.currency, dispute.reason = seen.amount_minor, seen.currency, seen.reason
    dispute.save()
    return dispute, True


def answer_dispute(
    dispute: CardDispute,
    evidence: Mapping[str, str],
    files: Mapping[str, tuple[str, bytes]],
    *,
    who: str,
    now: datetime,
) -> None:
    """Send the bank what speaks for the payment, once; ``files`` are names and contents by Stripe's fields.

    In no transaction. Raises UnableToReachStripe or RefusedByStripe.
    """
    uploaded = {field: client.upload_evidence(name, content) for field, (name, content) in files.items()}
    client.answer_dispute(dispute.dispute_id, {**evidence, **uploaded})
    CardDispute.objects.filter(pk=dispute.pk, answered_at=None).update(answered_at=now, answered_by=who)
    ask_look([dispute.payment_id], now=now)


def accept_dispute(dispute: CardDispute, *, who: str) -> None:
    """Give a dispute up, for good; who has done so is written down before Stripe hears of it. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    CardDispute.objects.filter(pk=dispute.pk).update(accepted_by=who)
    try:
        client.close_dispute(dispute.dispute_id)
    except RefusedByProvider:
        CardDispute.objects.filter(pk=dispute.pk).update(accepted_by="")
        raise


@transaction.atomic
def claim_due(*, now: datetime) -> CardPayment | None:
    """Return a payment that is due for a look; nobody else gets it for as long as a look may take.

    Those of sandboxes go by other clocks.
    """
    due = CardPayment.objects.select_for_update(skip_locked=True).filter(look_at__lte=now)
    due = due.exclude(provider=Provider.SANDBOX)
    payment = due.order_by("look_at").first()
    if payment is not None:
        payment.look_at = now + BACKOFF[min(payment.failures, len(BACKOFF) - 1)]
        payment.save(update_fields=["look_at"])
    return payment


def note_looked(claimed: CardPayment, *, now: datetime) -> None:
    """Say when a payment is looked at next, unless somebody has asked for a look meanwhile."""
    payment = payment_by_id(claimed.pk)
    next_at = None
    if payment.state in {*LIVE, CardState.CLOSING} and payment.pending_since:
        next_at = now + LOOK_AT_PENDING_EVERY
    elif payment.state in {*LIVE, CardState.CLOSING}:
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
    payment = _payment_of(event)
    _stored, is_new = StripeEvent.objects.get_or_create(
        id=event.event_id,
        defaults={
            "kind": event.kind,
            "object_id": event.object_id,
            "intent_id": event.intent_id,
            "payment": payment,
            "received_at": now,
        },
    )
    if is_new and payment is not None:
        ask_look([payment.pk], now=now)
    if is_new and event.kind.startswith(OF_ACCOUNTS):
        _let_account_be_looked_at(event, now)
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
        session_id = provider_of(payment).open(payment)
    except RefusedByProvider:
        # It will not be opened next time either; its order has until its end to be paid another way.
        give_up(payment)
        raise
    CardPayment.objects.filter(pk=payment.pk).update(session_id=session_id)
    CardPayment.objects.filter(pk=payment.pk, state=CardState.STARTED).update(state=CardState.OPEN)
    return session_id


def _fault(payment: CardPayment, page: client.Page) -> str:
    """Say what of a paid page is not what was asked for; nothing where all is."""
    asked = (str(payment.pk), payment.amount_minor, payment.amount_minor, payment.currency)
    said = (page.reference, page.amount_minor, page.received_minor, page.currency)
    return "" if said == asked else f"{Provider(payment.provider).label} says {said} and was asked for {asked}."


def _payment_of(event: client.SignedEvent) -> CardPayment | None:
    """Return the payment that an event is about: a dispute names nothing of ours but the payment's id at Stripe."""
    named = _uuid(event.reference)
    found = CardPayment.objects.filter(pk=named).first() if named else None
    if found is None and event.intent_id:
        found = CardPayment.objects.filter(intent_id=event.intent_id).first()
    return found


def _let_account_be_looked_at(event: client.SignedEvent, now: datetime) -> None:
    """Let the account be looked at that an event is about, also where Stripe's answer with its name is not here yet."""
    about, named = Q(account_id=event.object_id), _uuid(event.reference)
    if named:
        about |= Q(pk=named)
    ConnectAccount.objects.filter(about, ended_at=None).update(look_at=now)


def _replaced(refund_id: UUID, *, who: str, now: datetime, **changes: object) -> bool:
    """Let another refund stand for one that has failed; say whether it had."""
    failed = CardRefund.objects.select_for_update().filter(pk=refund_id, state=RefundState.FAILED).first()
    if failed is None:
        return False
    CardRefund.objects.filter(pk=failed.pk).update(state=RefundState.REPLACED)
    CardRefund.objects.create(
        payment_id=failed.payment_id,
        amount_minor=failed.amount_minor,
        why=failed.why,
        asked_by=who,
        created_at=now,
        **changes,
    )
    return bool(ask_look([failed.payment_id], now=now))


def _mark(payment_id: UUID, state: CardState, **changes: object) -> bool:
    undecided = CardPayment.objects.filter(pk=payment_id, state__in=UNDECIDED)
    return bool(undecided.update(state=state, look_at=None, **changes))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
