"""What the API does: sessions of Checkout, payments, refunds, disputes. In minor units and seconds."""

import re
from dataclasses import dataclass
from typing import Any

from demo.stripe_stand_in.cards import ACCOUNTS, CARDS, FEES, REASONS, REFUSED_CODE, WAYS
from demo.stripe_stand_in.errors import Refused
from demo.stripe_stand_in.store import Object, Store
from demo.stripe_stand_in.webhooks import Webhooks

SHORTEST_S, LONGEST_S = 30 * 60, 24 * 3600
# How long a bank waits for an answer to a dispute.
ANSWER_WITHIN_S = 9 * 24 * 3600
# By these words of the evidence Stripe's own tests decide a dispute.
DECIDED_BY = {"winning_evidence": "won", "losing_evidence": "lost"}
# Fields of the evidence that name a file.
FILES = {"service_documentation", "customer_communication", "receipt", "uncategorized_file"}
# What all files of a dispute may weigh.
MOST_BYTES = 4_500_000
# A clock may be a few seconds behind ours.
TOLERANCE_S = 60
CURRENCIES = {"chf", "eur", "pln"}
# What is kept for a dispute.
DISPUTE_FEE = 2_000
# After so long a bank says yes or no to a direct debit. In truth it takes days.
SETTLES_AFTER_S = 60
# So many balance transactions are listed at once where nobody says how many, and at most.
LISTED, MOST_LISTED = 10, 100


@dataclass(frozen=True)
class Service:
    """Everything an act needs: the memory, the events, and where the hosted page is."""

    store: Store
    webhooks: Webhooks
    base: str


def create_session(service: Service, given: dict[str, Any]) -> Object:
    """Open a hosted page for a payment."""
    store, now = service.store, service.store.now()
    if given.get("mode") != "payment":
        raise Refused(400, "The stand-in knows mode=payment only.", param="mode", code="parameter_invalid")
    items = given.get("line_items") or []
    if not items or not given.get("success_url"):
        raise Refused(400, "Missing required param: line_items or success_url.", code="parameter_missing")
    currencies = {item["price_data"]["currency"] for item in items}
    if len(currencies) > 1 or not currencies <= CURRENCIES:
        raise Refused(400, f"Invalid currency: {', '.join(sorted(currencies))}", param="currency")
    total = sum(item["price_data"]["unit_amount"] * item.get("quantity", 1) for item in items)
    if total < 50:
        raise Refused(400, "The amount is below the least that can be charged.", code="amount_too_small")
    ways, currency = given.get("allowed_payment_method_types") or ["card"], currencies.pop()
    if len(ways) > 1 or ways[0] not in WAYS:
        raise Refused(400, "The stand-in takes one known way to pay.", param="allowed_payment_method_types")
    if currency not in WAYS[ways[0]]:
        message = f"The payment method `{ways[0]}` cannot be used with the currency `{currency}`."
        raise Refused(400, message, param="allowed_payment_method_types")
    expires_at = given.get("expires_at", now + LONGEST_S)
    if not now + SHORTEST_S - TOLERANCE_S <= expires_at <= now + LONGEST_S + TOLERANCE_S:
        raise Refused(
            400,
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    session = store.new(
        "cs_test",
        "checkout.session",
        mode="payment",
        status="open",
        payment_status="unpaid",
        amount_total=total,
        amount_subtotal=total,
        currency=currency,
        allowed_payment_method_types=ways,
        payment_intent=None,
        client_reference_id=given.get("client_reference_id"),
        customer_email=given.get("customer_email"),
        metadata=given.get("metadata") or {},
        success_url=given["success_url"],
        cancel_url=given.get("cancel_url"),
        expires_at=expires_at,
        locale=given.get("locale"),
        # Not Stripe's fields: what its page shows, and what it gives to the payment.
        stand_in={
            "title": items[0]["price_data"].get("product_data", {}).get("name", ""),
            "payment": given.get("payment_intent_data") or {},
        },
    )
    session["url"] = f"{service.base}/c/pay/{session['id']}"
    store.save(session)
    return session


def session_by_id(service: Service, name: str) -> Object:
    """Return a session; one whose time is over has expired, and what a bank has had to decide is decided."""
    settle_debits(service)
    session = service.store.get("checkout.session", name)
    if session["status"] == "open" and session["expires_at"] <= service.store.now():
        _expire(service, session)
    return session


def expire_session(service: Service, _given: dict[str, Any], name: str) -> Object:
    """Close a page that nobody has paid on."""
    session = session_by_id(service, name)
    if session["status"] != "open":
        raise Refused(400, f"This Session is not in an expireable state: its status is `{session['status']}`.")
    _expire(service, session)
    return session


def _expire(service: Service, session: Object) -> None:
    session |= {"status": "expired", "url": None}
    service.store.save(session)
    service.webhooks.emit("checkout.session.expired", session)


def pay(service: Service, name: str, number: str, *, has_confirmed: bool | None = None) -> Object:
    """Pay a session's amount with a card and return the payment; ``has_confirmed`` is what its holder's bank said.

    Its status is ``requires_action`` where the bank has to ask first. Raises Refused where the session is over or the
    card is declined.
    """
    session, payment = _begun(service, name)
    card = CARDS.get(number)
    if card is None:
        return _declined(service, payment, "unknown_card")
    if card.declined or (card.asks and has_confirmed is False):
        return _declined(service, payment, card.declined or "authentication")
    if card.asks and not has_confirmed:
        payment["status"] = "requires_action"
        service.store.save(payment)
        service.webhooks.emit("payment_intent.requires_action", payment)
        return payment
    charged = _charged(service, session, payment, {"type": "card", "card": {"brand": "visa", "last4": number[-4:]}})
    if card.disputes:
        open_dispute(service, payment["id"], reason="fraudulent")
    return charged


def pay_by_code(service: Service, name: str, code: str) -> Object:
    """Pay with the six digits that a banking app shows. Raises Refused where they are not six or the bank says no."""
    session, payment = _begun(service, name)
    if not re.fullmatch(r"\d{6}", code):
        return _declined(service, payment, "wrong_code")
    if code == REFUSED_CODE:
        return _declined(service, payment, "bank_refused")
    return _charged(service, session, payment, {"type": session["allowed_payment_method_types"][0]})


def pay_at_bank(service: Service, name: str, *, is_wanted: bool) -> Object:
    """Pay on the bank's own page, or in its app. Raises Refused where the customer says no there."""
    session, payment = _begun(service, name)
    if not is_wanted:
        return _declined(service, payment, "bank_refused")
    return _charged(service, session, payment, {"type": session["allowed_payment_method_types"][0]})


def debit(service: Service, name: str, iban: str) -> Object:
    """Ask a bank for a direct debit, which it decides later (``settle_debits``). Raises Refused for an unknown one."""
    session, payment = _begun(service, name)
    if iban not in ACCOUNTS:
        return _declined(service, payment, "unknown_account")
    payment |= {
        "status": "processing",
        "last_payment_error": None,
        "stand_in": {"session": session["id"], "iban": iban, "settles_at": service.store.now() + SETTLES_AFTER_S},
    }
    session |= {"status": "complete", "url": None}
    for changed in (payment, session):
        service.store.save(changed)
    service.webhooks.emit("payment_intent.processing", payment)
    service.webhooks.emit("checkout.session.completed", session)
    return payment


def settle_debits(service: Service) -> None:
    """Let the banks decide on the direct debits whose time has come."""
    for payment in service.store.of_status("payment_intent", "processing"):
        asked = payment["stand_in"]
        if asked["settles_at"] > service.store.now():
            continue
        session = service.store.get("checkout.session", asked["session"])
        if ACCOUNTS[asked["iban"]]:
            details = {"type": "sepa_debit", "sepa_debit": {"last4": asked["iban"][-4:]}}
            _charged(service, session, payment, details, event="checkout.session.async_payment_succeeded")
            continue
        error = {"type": "invalid_request_error", "code": "payment_method_provider_decline", "message": "Refused."}
        payment |= {"status": "requires_payment_method", "last_payment_error": error}
        service.store.save(payment)
        service.webhooks.emit("payment_intent.payment_failed", payment)
        service.webhooks.emit("checkout.session.async_payment_failed", session)


def _begun(service: Service, name: str) -> tuple[Object, Object]:
    """Return an open session and its payment."""
    session = session_by_id(service, name)
    if session["status"] != "open":
        raise Refused(400, "This session is over.", code="session_over")
    return session, _payment_of(service, session)


def _payment_of(service: Service, session: Object) -> Object:
    if session["payment_intent"]:
        return service.store.get("payment_intent", session["payment_intent"])
    wanted = session["stand_in"]["payment"]
    payment = service.store.new(
        "pi",
        "payment_intent",
        amount=session["amount_total"],
        amount_received=0,
        amount_capturable=0,
        capture_method="automatic_async",
        currency=session["currency"],
        status="requires_payment_method",
        latest_charge=None,
        last_payment_error=None,
        metadata=wanted.get("metadata") or {},
        transfer_group=wanted.get("transfer_group"),
        description=wanted.get("description"),
        payment_method_types=session["allowed_payment_method_types"],
    )
    session["payment_intent"] = payment["id"]
    service.store.save(session)
    service.webhooks.emit("payment_intent.created", payment)
    return payment


def _declined(service: Service, payment: Object, reason: str) -> Object:
    error = {"type": "card_error", "code": "card_declined", "decline_code": reason, "message": REASONS[reason]}
    payment |= {"status": "requires_payment_method", "last_payment_error": error}
    service.store.save(payment)
    service.webhooks.emit("payment_intent.payment_failed", payment)
    raise Refused(402, error["message"], kind="card_error", code="card_declined", decline_code=reason)


def _charged(
    service: Service,
    session: Object,
    payment: Object,
    details: dict[str, Any],
    *,
    event: str = "checkout.session.completed",
) -> Object:
    """Charge a payment; ``event`` is what the session's webhook says of it."""
    way = details["type"]
    charge = service.store.new(
        "ch",
        "charge",
        amount=payment["amount"],
        amount_captured=payment["amount"],
        amount_refunded=0,
        captured=True,
        paid=True,
        refunded=False,
        disputed=False,
        currency=payment["currency"],
        status="succeeded",
        payment_intent=payment["id"],
        transfer_group=payment["transfer_group"],
        metadata=payment["metadata"],
        payment_method_details=details,
    )
    payment |= {
        "status": "succeeded",
        "amount_received": payment["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
    }
    session |= {"status": "complete", "payment_status": "paid", "url": None}
    permille, fixed = FEES[way]
    fee = (charge["amount"] * permille + 500) // 1000 + fixed
    kind = "charge" if way == "card" else "payment"
    charge["balance_transaction"] = moved(service, kind, charge, charge["amount"], fee=fee)["id"]
    for changed in (payment, session, charge):
        service.store.save(changed)
    service.webhooks.emit("charge.succeeded", charge)
    service.webhooks.emit("payment_intent.succeeded", payment)
    service.webhooks.emit(event, session)
    return payment


def moved(service: Service, kind: str, source: Object, amount: int, *, fee: int = 0, category: str = "") -> Object:
    """Move money in the balance: ``amount`` comes where it is positive, and the fee goes off it."""
    return service.store.new(
        "txn",
        "balance_transaction",
        amount=amount,
        fee=fee,
        net=amount - fee,
        fee_details=[{"amount": fee, "currency": source["currency"], "type": "stripe_fee"}] if fee else [],
        currency=source["currency"],
        exchange_rate=None,
        type=kind,
        reporting_category=category or kind,
        source=source["id"],
        status="available",
        available_on=service.store.now(),
    )


def list_movements(service: Service, given: dict[str, Any]) -> Object:
    """Return a page of the balance transactions, newest first."""
    asked = given.get("created", {})
    bounds = {"gte": asked, "lte": asked} if isinstance(asked, int) else asked
    found = [one for one in reversed(service.store.every("balance_transaction")) if _is_within(one["created"], bounds)]
    after = given.get("starting_after")
    if after is not None:
        names = [one["id"] for one in found]
        if after not in names:
            raise Refused(400, f"No such balance_transaction: '{after}'", param="starting_after")
        found = found[names.index(after) + 1 :]
    most = given.get("limit", LISTED)
    if not 1 <= most <= MOST_LISTED:
        raise Refused(400, "The limit has to be between 1 and 100.", param="limit")
    page = found[:most]
    for field in given.get("expand", []):
        if field != "data.source":
            raise Refused(400, f"This property cannot be expanded ({field}).", param="expand")
        for one in page:
            one["source"] = service.store.by_id(one["source"])
    return {"object": "list", "url": "/v1/balance_transactions", "has_more": len(found) > most, "data": page}


def _is_within(moment: int, bounds: dict[str, int]) -> bool:
    return (
        moment > bounds.get("gt", moment - 1)
        and moment >= bounds.get("gte", moment)
        and moment < bounds.get("lt", moment + 1)
        and moment <= bounds.get("lte", moment)
    )


def pay_out(service: Service, *, amount: int, currency: str) -> Object:
    """Transfer money of the balance to the bank account."""
    payout = service.store.new("po", "payout", amount=amount, currency=currency, status="paid", automatic=True)
    moved(service, "payout", payout, -amount)
    service.webhooks.emit("payout.paid", payout)
    return payout


def open_dispute(service: Service, payment_id: str, *, reason: str, status: str = "needs_response") -> Object:
    """Let a payment be disputed; an inquiry has a status that begins with ``warning_``."""
    payment = service.store.get("payment_intent", payment_id)
    charge = service.store.get("charge", payment["latest_charge"])
    dispute = service.store.new(
        "dp",
        "dispute",
        amount=charge["amount"] - charge["amount_refunded"],
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=payment_id,
        reason=reason,
        status=status,
        metadata={},
        evidence={},
        evidence_details={
            "due_by": service.store.now() + ANSWER_WITHIN_S,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=status.startswith("warning_"),
    )
    service.store.save(charge | {"disputed": True})
    service.webhooks.emit("charge.dispute.created", dispute)
    if not status.startswith("warning_"):
        moved(service, "adjustment", dispute, -dispute["amount"], fee=DISPUTE_FEE, category="dispute")
        service.webhooks.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def update_dispute(service: Service, given: dict[str, Any], name: str) -> Object:
    """Keep evidence; once it is submitted, the bank looks at it and takes no more."""
    dispute = service.store.get("dispute", name)
    if dispute["status"] not in {"needs_response", "warning_needs_response"}:
        raise Refused(400, f"This dispute is `{dispute['status']}`; its evidence cannot be changed any more.")
    told = given.get("evidence") or {}
    for field in FILES & set(told):
        service.store.get("file", told[field])
    dispute["evidence"] |= told
    details = dispute["evidence_details"]
    details["has_evidence"] = bool(dispute["evidence"])
    if given.get("submit", True):
        details["submission_count"] += 1
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
    service.store.save(dispute)
    service.webhooks.emit("charge.dispute.updated", dispute)
    decided = DECIDED_BY.get(dispute["evidence"].get("uncategorized_text", ""))
    return decide_dispute(service, name, status=decided) if decided else dispute


def close_dispute(service: Service, _given: dict[str, Any], name: str) -> Object:
    """Give a dispute up, which loses it."""
    dispute = service.store.get("dispute", name)
    if dispute["status"] != "needs_response":
        raise Refused(400, f"This dispute is `{dispute['status']}`; it cannot be closed.")
    return decide_dispute(service, name, status="lost")


def keep_file(service: Service, fields: dict[str, str], name: str, content: bytes) -> Object:
    """Keep what is known of an uploaded file."""
    if fields.get("purpose") != "dispute_evidence":
        raise Refused(400, "The stand-in takes files with purpose=dispute_evidence.", param="purpose")
    if not content or len(content) > MOST_BYTES:
        raise Refused(400, "The file is empty or too large.", param="file")
    kind = "pdf" if content.startswith(b"%PDF-") else "jpg" if content.startswith(b"\xff\xd8") else ""
    if not kind:
        raise Refused(400, "The file has to be a PDF or a picture.", param="file")
    return service.store.new("file", "file", purpose=fields["purpose"], filename=name, size=len(content), type=kind)


def decide_dispute(service: Service, name: str, *, status: str) -> Object:
    """Let the bank decide."""
    dispute = service.store.get("dispute", name) | {"status": status}
    service.store.save(dispute)
    if status == "won":
        moved(service, "adjustment", dispute, dispute["amount"], category="dispute_reversal")
        service.webhooks.emit("charge.dispute.funds_reinstated", dispute)
    service.webhooks.emit("charge.dispute.closed", dispute)
    return dispute


def create_refund(service: Service, given: dict[str, Any]) -> Object:
    """Give money back, never more than was charged."""
    store = service.store
    if "payment_intent" not in given:
        raise Refused(400, "The stand-in refunds by payment_intent.", param="payment_intent", code="parameter_missing")
    payment = store.get("payment_intent", given["payment_intent"])
    if not payment["latest_charge"]:
        raise Refused(400, f"This PaymentIntent ({payment['id']}) does not have a successful charge to refund.")
    charge = store.get("charge", payment["latest_charge"])
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = given.get("amount", left)
    if not left:
        raise Refused(400, f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    disputes = [one for one in store.every("dispute") if one["charge"] == charge["id"]]
    if any(one["status"] in {"needs_response", "under_review", "lost"} for one in disputes):
        raise Refused(400, f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise Refused(400, message, param="amount")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    store.save(charge)
    refund = store.new(
        "re",
        "refund",
        amount=amount,
        currency=payment["currency"],
        charge=charge["id"],
        payment_intent=payment["id"],
        reason=given.get("reason"),
        metadata=given.get("metadata") or {},
        status="succeeded",
    )
    is_card = charge["payment_method_details"]["type"] == "card"
    moved(service, "refund" if is_card else "payment_refund", refund, -amount)
    service.webhooks.emit("refund.created", refund)
    service.webhooks.emit("charge.refunded", charge)
    return refund


def fail_refund(service: Service, name: str) -> Object:
    """Let the card's bank send a refund back, days after it was made."""
    refund = service.store.get("refund", name) | {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    charge = service.store.get("charge", refund["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    for changed in (refund, charge):
        service.store.save(changed)
    moved(service, "refund_failure", refund, refund["amount"])
    service.webhooks.emit("refund.failed", refund)
    return refund
