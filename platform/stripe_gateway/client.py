"""The only module that speaks to Stripe. Dataclasses out; nothing is decided and nothing is written here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings

from kernel.late import Late
from stripe_gateway.errors import ForgedEvent, RefusedByStripe, UnableToReachStripe

if TYPE_CHECKING:
    import stripe
else:
    stripe = Late("stripe")

# Somebody waits in front of a page: each call gives up soon, and asking again is harmless.
TIMEOUT_S = 6
RETRIES = 1
# How old a signature may be, in seconds, so that nobody sends an old one again.
TOLERANCE_S = 300
# The most that Stripe lists at once.
PAGE_SIZE = 100
FAILED_INTENTS = frozenset({"requires_payment_method", "canceled"})
FAILED_REFUNDS = frozenset({"failed", "canceled"})


@dataclass(frozen=True)
class Page:
    """How a hosted page stands. Amounts in minor units; The intent is empty until somebody has begun to pay."""

    session_id: str
    url: str
    status: str
    is_paid: bool
    amount_minor: int
    received_minor: int
    currency: str
    reference: str
    intent_id: str
    intent_status: str = ""

    @property
    def is_pending(self) -> bool:
        """Say whether the customer has done their part, and their bank has not said yes or no."""
        return self.status == "complete" and not self.is_paid and not self.has_failed

    @property
    def has_failed(self) -> bool:
        """Say whether the customer's bank has said no, after the page was filled in."""
        return self.status == "complete" and not self.is_paid and self.intent_status in FAILED_INTENTS

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

    ``kind`` is Stripe's word; ``source_id`` what moved it (a charge, refund, dispute, transfer), for the payment, or of
    the transfer, ``intent_id``.
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
class SeenAccount:
    """How somebody's own account at Stripe stands; ``wants`` are Stripe's names of what it still has to be told.

    ``is_ready`` says whether it can be transferred to, and what is transferred reaches their bank.
    """

    account_id: str
    is_ready: bool
    wants: tuple[str, ...]
    refusal: str


@dataclass(frozen=True)
class SeenTransfer:
    """A transfer to somebody's account at Stripe, in minor units; ``reversed_minor`` of it has come back."""

    transfer_id: str
    account_id: str
    amount_minor: int
    currency: str
    reversed_minor: int


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


def upload_evidence(name: str, content: bytes) -> str:
    """Send a file that speaks for a payment, and return its id; by itself the bank does not see it.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    file = BytesIO(content)
    file.name = name
    with _answered():
        return _client().v1.files.create({"purpose": "dispute_evidence", "file": file}).id


def close_dispute(dispute_id: str) -> None:
    """Give a dispute up: it is lost at once, and for good.

    Raises UnableToReachStripe, or RefusedByStripe where it has been answered or decided.
    """
    with _answered():
        _client().v1.disputes.close(dispute_id)


def answer_dispute(dispute_id: str, evidence: Mapping[str, str]) -> None:
    """Send the bank what speaks for the payment; this can be done once.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        told: Any = dict(evidence)
        _client().v1.disputes.update(dispute_id, {"evidence": told, "submit": True})


def open_account(asked: Mapping[str, Any], *, key: str) -> str:
    """Open an account for somebody and return its id; with the same key the same one, however often it is asked for.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        params: Any = dict(asked)
        return _client().v1.accounts.create(params, {"idempotency_key": key}).id


def read_account(account_id: str) -> SeenAccount:
    """Return how somebody's account stands.

    Raises UnableToReachStripe, or RefusedByStripe where it is closed.
    """
    with _answered():
        said = _client().v1.accounts.retrieve(account_id).to_dict()
    needs = said.get("requirements") or {}
    can_be_transferred_to = (said.get("capabilities") or {}).get("transfers") == "active"
    return SeenAccount(
        account_id=said["id"],
        is_ready=can_be_transferred_to and bool(said.get("payouts_enabled")),
        wants=tuple(dict.fromkeys([*(needs.get("past_due") or []), *(needs.get("currently_due") or [])])),
        refusal=needs.get("disabled_reason") or "",
    )


def onboarding_page(account_id: str, *, return_url: str, refresh_url: str) -> str:
    """Return the address where somebody tells Stripe about themselves; it works once and for minutes.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        link = _client().v1.account_links.create(
            {
                "account": account_id,
                "type": "account_onboarding",
                "return_url": return_url,
                "refresh_url": refresh_url,
            }
        )
        return link.url


def make_transfer(account_id: str, *, amount_minor: int, currency: str, group: str, key: str) -> SeenTransfer:
    """Transfer money to somebody's account, once for a key; ``group`` is by which it is found again.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        made = _client().v1.transfers.create(
            {
                "amount": amount_minor,
                "currency": currency.lower(),
                "destination": account_id,
                "transfer_group": group,
                "metadata": {"payout": group},
            },
            {"idempotency_key": key},
        )
    return _transfer(made)


def transfer_of(group: str) -> SeenTransfer | None:
    """Return the transfer of a group, if there is one.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        found = _client().v1.transfers.list({"transfer_group": group, "limit": 1}).data
    return _transfer(found[0]) if found else None


def read_transfer(transfer_id: str) -> SeenTransfer:
    """Return how a transfer stands.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        return _transfer(_client().v1.transfers.retrieve(transfer_id))


def reverse_transfer(transfer_id: str, *, amount_minor: int, key: str) -> None:
    """Take money back from the account to which it was transferred, once for a key.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    with _answered():
        _client().v1.transfers.reversals.create(transfer_id, {"amount": amount_minor}, {"idempotency_key": key})


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
    event = _verified(body, signature)
    about: Any = event.data.object.to_dict()
    metadata = about.get("metadata") or {}
    reference = (
        about.get("client_reference_id") or metadata.get("card_payment") or metadata.get("connect_account") or ""
    )
    intent_id = about.get("payment_intent")
    # What happens to an account of somebody is about the account, whatever else the event shows.
    of_account = event.to_dict().get("account") if event.type.startswith("account.") else None
    return SignedEvent(
        event_id=event.id,
        kind=event.type,
        object_id=str(of_account or about.get("id", "")),
        reference=str(reference),
        intent_id=intent_id if isinstance(intent_id, str) else "",
    )


def _verified(body: bytes, signature: str) -> "stripe.Event":
    """Return an event that one of our secrets has signed: accounts of others have a webhook of their own."""
    fault: Exception | None = None
    for secret in settings.STRIPE_WEBHOOK_SECRET.split(","):
        try:
            return stripe.Webhook.construct_event(body, signature, secret.strip(), TOLERANCE_S)
        except (stripe.SignatureVerificationError, ValueError) as error:
            fault = error
    raise ForgedEvent from fault


def _movement(found: Any) -> SeenMovement:
    source: Any = found.source
    is_whole = source is not None and not isinstance(source, str)
    about = source.to_dict() if is_whole else {}
    # What is taken back of a transfer names the transfer.
    intent = about.get("payment_intent") or about.get("transfer")
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


def _transfer(found: Any) -> SeenTransfer:
    return SeenTransfer(
        transfer_id=found.id,
        account_id=str(found.destination),
        amount_minor=found.amount,
        currency=found.currency.upper(),
        reversed_minor=found.amount_reversed,
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
        intent_status=intent.status if intent else "",
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


def _client() -> "stripe.StripeClient":
    return _client_of(settings.STRIPE_KEY, settings.STRIPE_API)


@cache
def _client_of(key: str, address: str) -> "stripe.StripeClient":
    """Return the client of a key; it keeps its connections, and knows nothing of any partner."""
    return stripe.StripeClient(
        key,
        # Files go to a host of their own; whatever stands in for Stripe is one.
        base_addresses={"api": address, **({} if address == stripe.DEFAULT_API_BASE else {"files": address})},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )
