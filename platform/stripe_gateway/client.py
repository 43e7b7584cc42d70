"""The only module that speaks to Stripe. Dataclasses out; nothing is decided and nothing is written here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any

import stripe
from django.conf import settings

from stripe_gateway.errors import ForgedEvent, RefusedByStripe, UnableToReachStripe

# Somebody waits in front of a page: each call gives up soon, and asking again is harmless.
TIMEOUT_S = 6
RETRIES = 1
# How old a signature may be, in seconds, so that nobody sends an old one again.
TOLERANCE_S = 300
# The most that Stripe lists at once.
PAGE_SIZE = 100
FAILED_REFUNDS = frozenset({"failed", "canceled"})


@dataclass(frozen=True)
class Page:
    """How a hosted page stands. Amounts in minor units; ``intent_id`` is empty until somebody has typed a card."""

    session_id: str
    url: str
    status: str
    is_paid: bool
    amount_minor: int
    received_minor: int
    currency: str
    reference: str
    intent_id: str

    @property
    def is_open(self) -> bool:
        """Say whether it can still be paid on."""
        return self.status == "open"

    @property
    def is_expired(self) -> bool:
        """Say whether nobody has paid and nobody can any more."""
        return self.status == "expired"


@dataclass(frozen=True)
class SeenDispute:
    """How a dispute stands. ``status`` is Stripe's word; the amount is in minor units."""

    dispute_id: str
    status: str
    amount_minor: int
    currency: str
    reason: str
    due_by: datetime | None

    @property
    def is_inquiry(self) -> bool:
        """Say whether the bank only asks, and has taken no money."""
        return self.status.startswith("warning_")


@dataclass(frozen=True)
class SeenMovement:
    """Money that moved in the account at Stripe, in minor units: what came is positive, ``fee_minor`` was kept of it.

    ``kind`` is Stripe's word; ``source_id`` what moved it (a charge, refund, dispute), for the payment ``intent_id``.
    """

    movement_id: str
    kind: str
    currency: str
    amount_minor: int
    fee_minor: int
    source_id: str
    intent_id: str
    moved_at: datetime


@dataclass(frozen=True)
class SignedEvent:
    """What a webhook says has happened, to which object, and to which payment of ours it belongs, if it says so."""

    event_id: str
    kind: str
    object_id: str
    reference: str
    intent_id: str


def open_page(asked: Mapping[str, Any], *, key: str) -> str:
    """Open a hosted page and return its id; with the same key the same page, however often it is asked for.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        params: Any = dict(asked)
        return _client().v1.checkout.sessions.create(params, {"idempotency_key": key}).id


def read_page(session_id: str) -> Page:
    """Return how a hosted page stands.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        return _page(_client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]}))


def close_page(session_id: str) -> None:
    """Let nobody pay on a page any more; nothing happens where it is paid or closed already.

    Raises UnableToReachStripe.
    """
    try:
        with _answered():
            _client().v1.checkout.sessions.expire(session_id)
    except RefusedByStripe:
        # It is not open: whether it was paid, whoever reads it learns.
        return


def give_back(intent_id: str, *, amount_minor: int, metadata: Mapping[str, str], key: str) -> tuple[str, bool]:
    """Send money back to the card; return the refund's id and whether it has not failed.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        refund = _client().v1.refunds.create(
            {"payment_intent": intent_id, "amount": amount_minor, "metadata": dict(metadata)}, {"idempotency_key": key}
        )
        return refund.id, refund.status not in FAILED_REFUNDS


def refund_has_failed(refund_id: str) -> bool:
    """Say whether the card's bank has not taken the money, which may show days later.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        return _client().v1.refunds.retrieve(refund_id).status in FAILED_REFUNDS


def read_dispute(dispute_id: str) -> SeenDispute:
    """Return how a dispute stands.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        found = _client().v1.disputes.retrieve(dispute_id)
    due_by = found.evidence_details.due_by
    return SeenDispute(
        dispute_id=found.id,
        status=found.status,
        amount_minor=found.amount,
        currency=found.currency.upper(),
        reason=found.reason,
        due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )


def answer_dispute(dispute_id: str, evidence: Mapping[str, str]) -> None:
    """Send the bank what speaks for the payment; this can be done once.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        told: Any = dict(evidence)
        _client().v1.disputes.update(dispute_id, {"evidence": told, "submit": True})


def read_movements(*, since: datetime, until: datetime) -> Iterator[list[SeenMovement]]:
    """Yield what has moved in the account from one moment to before another, newest first, page by page.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    window = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    asked: Any = {"created": window, "limit": PAGE_SIZE, "expand": ["data.source"]}
    while True:
        with _answered():
            page = _client().v1.balance_transactions.list(asked)
        yield [_movement(one) for one in page.data]
        if not page.has_more:
            return
        asked["starting_after"] = page.data[-1].id


def read_event(body: bytes, signature: str) -> SignedEvent:
    """Return what a webhook says, of the bytes as they came.

    Raises ForgedEvent where Stripe has not signed it, or more than five minutes ago.
    """
    try:
        event = stripe.Webhook.construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_S)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise ForgedEvent from error
    about: Any = event.data.object.to_dict()
    metadata = about.get("metadata") or {}
    reference = about.get("client_reference_id") or metadata.get("card_payment") or ""
    intent_id = about.get("payment_intent")
    return SignedEvent(
        event_id=event.id,
        kind=event.type,
        object_id=str(about.get("id", "")),
        reference=str(reference),
        intent_id=intent_id if isinstance(intent_id, str) else "",
    )


def _movement(found: Any) -> SeenMovement:
    source: Any = found.source
    is_whole = source is not None and not isinstance(source, str)
    intent = source.to_dict().get("payment_intent") if is_whole else None
    return SeenMovement(
        movement_id=found.id,
        kind=found.type,
        currency=found.currency.upper(),
        amount_minor=found.amount,
        fee_minor=found.fee,
        source_id=(source.id if is_whole else source) or "",
        intent_id=intent if isinstance(intent, str) else "",
        moved_at=datetime.fromtimestamp(found.created, UTC),
    )


def _page(session: Any) -> Page:
    intent = session.payment_intent
    return Page(
        session_id=session.id,
        url=session.url or "",
        status=session.status or "",
        is_paid=session.payment_status == "paid",
        amount_minor=session.amount_total or 0,
        received_minor=intent.amount_received if intent else 0,
        currency=(session.currency or "").upper(),
        reference=session.client_reference_id or "",
        intent_id=intent.id if intent else "",
    )


@contextmanager
def _answered() -> Iterator[None]:
    """Tell what is worth another try from what is not."""
    try:
        yield
    except stripe.StripeError as error:
        is_away = isinstance(error, (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError))
        # 409 is the same act of ours, which another process is asking for at this moment.
        if is_away or error.http_status == HTTPStatus.CONFLICT:
            raise UnableToReachStripe from error
        raise RefusedByStripe from error


def _client() -> stripe.StripeClient:
    return _client_of(settings.STRIPE_KEY, settings.STRIPE_API)


@cache
def _client_of(key: str, address: str) -> stripe.StripeClient:
    """Return the client of a key; it keeps its connections, and knows nothing of any partner."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": address},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )
