"""The only module that speaks to Stripe. Dataclasses out; nothing is decided and nothing is written here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
class SignedEvent:
    """What a webhook says has happened, to which object, and to which payment of ours it belongs, if it says so."""

    event_id: str
    kind: str
    object_id: str
    reference: str


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
        return refund.id, refund.status not in {"failed", "canceled"}


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
    return SignedEvent(event.id, event.type, str(about.get("id", "")), str(reference))


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
