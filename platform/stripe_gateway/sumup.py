"""The only module that speaks to SumUp. Dataclasses out; nothing is decided and nothing is written here.

SumUp writes amounts as decimal numbers of the major unit (but for card readers); here they become minor units.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from requests.auth import AuthBase

from kernel.clock import now
from stripe_gateway.client import Page, SeenDispute, SeenMovement
from stripe_gateway.errors import ReaderNotReady, RefusedBySumUp, UnableToReachSumUp

# To connect, and to wait for the answer: somebody stands in front of a page.
TIMEOUT_S = (3, 6)
# The most that is listed at once.
PAGE_SIZE = 100
MOST_PAYOUTS = 9_999
MINOR = 100
# A checkout that has failed can be paid on by another card as long as it is valid.
STATUS = {"PENDING": "open", "FAILED": "open", "PAID": "complete", "EXPIRED": "expired"}
# In these the customer has been charged; what went back is told apart.
CHARGED = frozenset({"SUCCESSFUL", "REFUNDED", "CHARGE_BACK"})
OVER = frozenset({"FAILED", "CANCELLED"})
PAYMENT, REFUND, CHARGE_BACK, PAYOUT, FEE = "PAYMENT", "REFUND", "CHARGE_BACK", "PAYOUT", "FEE"
# Ours, for the money of a charge-back that has failed; SumUp's history has no line for it.
CHARGE_BACK_FAILED = "CHARGE_BACK_FAILED"
# How a charge-back stands, in the words that disputes have.
DISPUTED = {"": "needs_response", "PENDING": "needs_response", "FAILED": "won"}


class SumUpAnswer(Exception):
    """What SumUp has said against a request."""


@dataclass(frozen=True)
class _Bearer(AuthBase):
    """The platform's key; given this way, a .netrc on the machine cannot take its place."""

    key: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.key}"
        return request


def affiliate(reference: str) -> dict[str, str]:
    """Return what lets a card reader's payment be found again by our reference."""
    app_id, key = settings.SUMUP_AFFILIATE.split(":", 1)
    return {"app_id": app_id, "key": key, "foreign_transaction_id": reference}


def open_page(asked: Mapping[str, Any]) -> str:
    """Open a hosted page and return its id; asked for again, it is the same page.

    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    try:
        return str(_call("POST", "/v0.1/checkouts", json=dict(asked))["id"])
    except RefusedBySumUp:
        # It may have been opened before, and the answer got lost.
        for known in _call("GET", "/v0.1/checkouts", params={"checkout_reference": asked["checkout_reference"]}):
            return str(known["id"])
        raise


def read_page(session_id: str) -> Page:
    """Return how a hosted page stands.

    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    found = _call("GET", f"/v0.1/checkouts/{quote(session_id)}")
    charged = [one for one in found.get("transactions", []) if one["status"] in CHARGED]
    status = STATUS.get(found["status"], "")
    if status == "open" and found.get("valid_until") and datetime.fromisoformat(found["valid_until"]) <= now():
        status = "expired"
    return Page(
        session_id=session_id,
        url=found.get("hosted_checkout_url", ""),
        status=status,
        is_paid=found["status"] == "PAID",
        amount_minor=_minor(found["amount"]),
        received_minor=sum(_minor(one["amount"]) for one in charged if one["currency"] == found["currency"]),
        currency=found["currency"],
        reference=found["checkout_reference"],
        intent_id=charged[-1]["id"] if charged else "",
    )


def close_page(session_id: str) -> None:
    """Let nobody pay on a page any more; nothing happens where it is paid or closed already.

    Raises UnableToReachSumUp.
    """
    try:
        _call("DELETE", f"/v0.1/checkouts/{quote(session_id)}")
    except RefusedBySumUp:
        return


def start_reader(merchant: str, reader: str, asked: Mapping[str, Any]) -> None:
    """Let a card reader ask for the customer's card. What comes of it is read by the reference that was given along.

    Raises UnableToReachSumUp, RefusedBySumUp, or ReaderNotReady where it is off or busy.
    """
    _call("POST", f"/v0.1/merchants/{quote(merchant)}/readers/{quote(reader)}/checkout", json=dict(asked))


def stop_reader(merchant: str, reader: str) -> None:
    """Let a card reader ask for no card any more.

    Raises UnableToReachSumUp.
    """
    try:
        _call("POST", f"/v0.1/merchants/{quote(merchant)}/readers/{quote(reader)}/terminate")
    except RefusedBySumUp:
        return


def read_reader(merchant: str, reference: str, *, is_over: bool) -> Page:
    """Return how a payment on a card reader stands; ``is_over`` is whether none can come of it any more.

    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    found = _transaction(merchant, foreign_transaction_id=reference)
    if found is None or found["status"] == "PENDING":
        return Page(reference, "", "expired" if is_over else "open", False, 0, 0, "", reference, "")
    amount_minor, is_paid = _minor(found["amount"]), found["status"] in CHARGED
    return Page(
        session_id=reference,
        url="",
        status="complete" if is_paid else "expired",
        is_paid=is_paid,
        amount_minor=amount_minor,
        received_minor=amount_minor if is_paid else 0,
        currency=found["currency"],
        reference=found.get("foreign_transaction_id", ""),
        intent_id=found["id"],
    )


def give_back(merchant: str, transaction_id: str, *, amount_minor: int, made_minor: int) -> None:
    """Send money back to the card. ``made_minor`` is what went back before, by what we know.

    SumUp knows no keys: what it has sent back already, though its answer got lost, is not sent again. Two at once must
    be kept apart by the caller. Raises UnableToReachSumUp or RefusedBySumUp.
    """
    found = _transaction(merchant, id=transaction_id) or {}
    events = [one for one in found.get("transaction_events", []) if one["event_type"] == REFUND]
    gone_minor = sum(_minor(one["amount"]) for one in events if one.get("status") != "FAILED")
    if gone_minor >= made_minor + amount_minor:
        return
    path = f"/v1.0/merchants/{quote(merchant)}/payments/{quote(transaction_id)}/refunds"
    _call("POST", path, json={"amount": amount_minor / MINOR})


def read_charge_backs(merchant: str, transaction_id: str) -> list[SeenDispute]:
    """Return the charge-backs of a payment: its money has gone back to the card, unless the charge-back fails.

    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    found = _transaction(merchant, id=transaction_id) or {}
    events = [one for one in found.get("transaction_events", []) if one["event_type"] == CHARGE_BACK]
    return [
        SeenDispute(
            dispute_id=f"{transaction_id}:{one.get('id', place)}",
            status=DISPUTED.get(one.get("status", ""), "lost"),
            amount_minor=_minor(one["amount"]),
            currency=found["currency"],
            reason=CHARGE_BACK.lower(),
            due_by=None,
        )
        for place, one in enumerate(events)
    ]


def read_movements(*, since: datetime, until: datetime) -> Iterator[list[SeenMovement]]:
    """Yield what has moved in the platform's accounts at SumUp from one moment to before another, page by page.

    Transfers to the bank and what SumUp has kept come from its list of payouts, of the days that are over.
    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    for merchant in sorted(set(settings.SUMUP_MERCHANTS.values())):
        yield from _history(merchant, since, until)
        yield _payouts(merchant, since, until)


def _history(merchant: str, since: datetime, until: datetime) -> Iterator[list[SeenMovement]]:
    path = f"/v2.1/merchants/{quote(merchant)}/transactions/history"
    asked: dict[str, Any] = {
        "oldest_time": since.isoformat(),
        "newest_time": until.isoformat(),
        "order": "ascending",
        "limit": PAGE_SIZE,
    }
    while True:
        found = _call("GET", path, params=asked)
        yield [_moved(merchant, one) for one in found["items"] if _has_moved(one)]
        following = next((one["href"] for one in found.get("links", []) if one["rel"] == "next"), "")
        if not following:
            return
        asked = dict(parse_qsl(following.rpartition("?")[2]))


def _has_moved(item: Mapping[str, Any]) -> bool:
    if item["type"] == CHARGE_BACK:
        return item["status"] not in OVER
    return item["type"] == REFUND or item["status"] in CHARGED


def _moved(merchant: str, item: Mapping[str, Any]) -> SeenMovement:
    """Return a line of the history. That of a refund names the payment by its code alone."""
    name, payment = item["id"], item["id"]
    if item["type"] != PAYMENT:
        payment = (_transaction(merchant, transaction_code=item["transaction_code"]) or {"id": ""})["id"]
    amount_minor = _minor(item["amount"])
    return SeenMovement(
        movement_id=name,
        kind=item["type"],
        currency=item["currency"],
        amount_minor=amount_minor if item["type"] == PAYMENT else -amount_minor,
        fee_minor=0,
        source_id=item["transaction_code"],
        intent_id=payment,
        moved_at=datetime.fromisoformat(item["timestamp"]),
    )


def _payouts(merchant: str, since: datetime, until: datetime) -> list[SeenMovement]:
    """Return the transfers to the bank, one for each reference, and each fee that was kept of them."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date() - timedelta(days=1)
    if last < first:
        return []
    days = {"start_date": first.isoformat(), "end_date": last.isoformat(), "limit": MOST_PAYOUTS, "order": "asc"}
    transfers: dict[tuple[str, str, str], int] = {}
    fees: list[SeenMovement] = []
    for row in _call("GET", f"/v1.0/merchants/{quote(merchant)}/payouts", params=days):
        if row["status"] != "SUCCESSFUL":
            continue
        key = row["date"], row["reference"], row["currency"]
        amount_minor = _minor(row["amount"])
        transfers[key] = transfers.get(key, 0) + (amount_minor if row["type"] == PAYOUT else -amount_minor)
        if fee_minor := _minor(row["fee"]):
            at = _noon(row["date"], zone)
            fees.append(_own(f"fee:{row['id']}", FEE, row["currency"], -fee_minor, row["transaction_code"], at))
    return [
        *fees,
        *(
            _own(f"payout:{day}:{reference}", PAYOUT, currency, -net_minor, reference, _noon(day, zone))
            for (day, reference, currency), net_minor in transfers.items()
        ),
    ]


def _own(name: str, kind: str, currency: str, amount_minor: int, source: str, at: datetime) -> SeenMovement:
    return SeenMovement(name, kind, currency, amount_minor, 0, source, "", at)


def _noon(day: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), zone)


def _transaction(merchant: str, **wanted: str) -> dict[str, Any] | None:
    try:
        found = _call("GET", f"/v2.1/merchants/{quote(merchant)}/transactions", params=wanted)
    except RefusedBySumUp as error:
        if isinstance(error.__cause__, SumUpAnswer) and error.__cause__.args[0] == HTTPStatus.NOT_FOUND:
            return None
        raise
    return dict(found)


def _minor(amount: Decimal | int) -> int:
    """Return an amount in minor units; one that is none in whole ones is never right, and counts as nothing."""
    minor = Decimal(amount) * MINOR
    return int(minor) if minor == minor.to_integral_value() else 0


def _call(method: str, path: str, *, json: Any = None, params: Mapping[str, Any] | None = None) -> Any:
    """Ask once and return the answer.

    Raises UnableToReachSumUp where asking again may help, else RefusedBySumUp.
    """
    try:
        answer = requests.request(
            method,
            settings.SUMUP_API + path,
            json=json,
            params=params,
            auth=_Bearer(settings.SUMUP_KEY),
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
        said = answer.json(parse_float=Decimal) if answer.content else None
    except requests.RequestException as error:
        raise UnableToReachSumUp from error
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.REQUEST_TIMEOUT,
    }:
        raise UnableToReachSumUp from SumUpAnswer(answer.status_code, said)
    if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        refusal = ReaderNotReady if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY else RefusedBySumUp
        raise refusal from SumUpAnswer(answer.status_code, said)
    return said
