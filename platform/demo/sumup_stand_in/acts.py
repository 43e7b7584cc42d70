"""What the API does: checkouts, transactions, refunds, readers, payouts. Amounts in major units, as SumUp has them."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from demo.sumup_stand_in import contract
from demo.sumup_stand_in.contract import checked
from demo.sumup_stand_in.errors import Refused, not_found
from demo.sumup_stand_in.hints import Hints
from demo.sumup_stand_in.store import Object, Store

# What is kept of a payment, in thousandths: on the page and on a reader.
FEE_PERMILLE = {"ECOM": 25, "POS": 17}
CARDS = {
    "4242424242424242": "SUCCESSFUL",
    "5555555555554444": "SUCCESSFUL",
    "4000000000000259": "SUCCESSFUL",
    "4000000000000002": "FAILED",
}
CHARGED_BACK = "4000000000000259"
# What is kept of a charge-back, in major units.
CHARGE_BACK_FEE = 10.0
# What is paid out or taken off, and under which name.
PAID_OUT = {
    "transaction": "PAYOUT",
    "returned": "PAYOUT",
    "refund": "REFUND_DEDUCTION",
    "charge_back": "CHARGE_BACK_DEDUCTION",
}
READER_WAITS = timedelta(seconds=60)
LISTED, MOST_LISTED = 10, 1_000


@dataclass(frozen=True)
class Service:
    """Everything an act needs: the memory, the hints, and where the hosted page is."""

    store: Store
    hints: Hints
    base: str


def create_checkout(service: Service, given: Any) -> Object:
    """Open a checkout; its reference is taken once."""
    asked, store = checked(contract.CheckoutCreate, given), service.store
    if _by_reference(service, asked.checkout_reference):
        message = "Checkout with this checkout reference and pay to email already exists"
        raise Refused(409, "DUPLICATED_CHECKOUT", message)
    made: Object = {
        "id": str(uuid4()),
        "checkout_reference": asked.checkout_reference,
        "amount": float(asked.amount),
        "currency": asked.currency,
        "merchant_code": asked.merchant_code,
        "description": asked.description,
        "return_url": asked.return_url,
        "redirect_url": asked.redirect_url,
        "purpose": asked.purpose,
        "status": "PENDING",
        "date": store.now().isoformat(),
        "valid_until": asked.valid_until.isoformat() if asked.valid_until else None,
        "transactions": [],
    }
    if asked.hosted_checkout and asked.hosted_checkout.enabled:
        made["hosted_checkout_url"] = f"{service.base}/pay/{made['id']}"
    return store.keep("checkout", made)


def list_checkouts(service: Service, reference: str) -> list[Object]:
    """Return the checkouts with a reference."""
    return _by_reference(service, reference)


def checkout_by_id(service: Service, name: str) -> Object:
    """Return a checkout; one whose time is over has expired."""
    found = service.store.get("checkout", name)
    is_over = found["valid_until"] and datetime.fromisoformat(found["valid_until"]) <= service.store.now()
    if is_over and found["status"] == "PENDING":
        service.store.keep("checkout", found | {"status": "EXPIRED"})
        found["status"] = "EXPIRED"
    return found


def deactivate_checkout(service: Service, name: str) -> Object:
    """Let nobody pay any more."""
    found = checkout_by_id(service, name)
    if found["status"] == "PAID":
        raise Refused(409, "CHECKOUT_PROCESSED", "Checkout is already processed")
    return service.store.keep("checkout", found | {"status": "EXPIRED"})


def pay(service: Service, name: str, number: str) -> Object:
    """Pay a checkout with a card and return it.

    Raises Refused where it is over or the card is declined.
    """
    found = checkout_by_id(service, name)
    if found["status"] not in {"PENDING", "FAILED"}:
        raise Refused(409, "CHECKOUT_PROCESSED", "Checkout is already processed")
    if number not in CARDS:
        raise Refused(400, "INVALID", "This page takes test cards only, for example 4242 4242 4242 4242.")
    made = _charge(
        service, found["merchant_code"], found["amount"], found["currency"], CARDS[number], kind="ECOM",
        foreign=found["checkout_reference"], description=found["description"],
    )  # fmt: skip
    parts = ("id", "transaction_code", "amount", "currency", "timestamp", "status", "payment_type", "entry_mode")
    found["transactions"].append({part: made[part] for part in parts})
    found["status"] = "PAID" if made["status"] == "SUCCESSFUL" else "FAILED"
    service.store.keep("checkout", found)
    service.hints.say(found["return_url"], {"event_type": "CHECKOUT_STATUS_CHANGED", "id": found["id"]})
    if made["status"] != "SUCCESSFUL":
        raise Refused(402, "DECLINED", "Your card was declined.")
    if number == CHARGED_BACK:
        charge_back(service, made["id"])
    return found


def _charge(
    service: Service, merchant: str, amount: float, currency: str, status: str, *, kind: str, foreign: str,
    description: str, client: str = "",
) -> Object:  # fmt: skip
    return service.store.keep(
        "transaction",
        {
            "id": str(uuid4()),
            "transaction_code": f"T{secrets.token_hex(5).upper()}",
            "client_transaction_id": client or str(uuid4()),
            "foreign_transaction_id": foreign,
            "merchant_code": merchant,
            "amount": amount,
            "currency": currency,
            "status": status,
            "type": "PAYMENT",
            "timestamp": service.store.now().isoformat(),
            "payment_type": kind,
            "entry_mode": "CUSTOMER_ENTRY" if kind == "ECOM" else "CONTACTLESS",
            "installments_count": 1,
            "product_summary": description,
            "fee_amount": round(amount * FEE_PERMILLE[kind] / 1000, 2) if status == "SUCCESSFUL" else 0,
            "transaction_events": [],
            "is_paid_out": False,
        },
    )


def transaction(service: Service, merchant: str, asked: dict[str, str]) -> Object:
    """Return the one transaction of a merchant that one of four names means."""
    names = {"id", "transaction_code", "foreign_transaction_id", "client_transaction_id"} & set(asked)
    if len(names) != 1:
        raise Refused(400, "INVALID", "Exactly one identifier has to be given.")
    name = names.pop()
    found = [one for one in _of(service, merchant, "transaction") if one[name] == asked[name]]
    if not found:
        raise not_found()
    return _shown(found[-1])


def refund(service: Service, merchant: str, name: str, given: Any) -> None:
    """Send money back, never more than was charged."""
    asked, store = checked(contract.Refund, given or {}), service.store
    found = store.get("transaction", name)
    if found["merchant_code"] != merchant:
        raise not_found()
    gone = sum(event["amount"] for event in found["transaction_events"] if event["event_type"] == "REFUND")
    left = round(found["amount"] - gone, 2)
    amount = float(asked.amount) if asked.amount is not None else left
    if found["status"] not in {"SUCCESSFUL", "REFUNDED"} or not 0 < amount <= left:
        raise Refused(409, "CONFLICT", "The transaction is not refundable in its current state")
    at = store.now().isoformat()
    event = {"event_type": "REFUND", "status": "REFUNDED", "amount": amount, "timestamp": at}
    store.keep(
        "transaction", found | {"status": "REFUNDED", "transaction_events": [*found["transaction_events"], event]}
    )
    copied = ("transaction_code", "merchant_code", "currency", "payment_type", "product_summary")
    own = {"id": str(uuid4()), "type": "REFUND", "status": "SUCCESSFUL", "amount": amount, "timestamp": at}
    store.keep("refund", {part: found[part] for part in copied} | own | {"is_paid_out": False})


def charge_back(service: Service, name: str, status: str = "PENDING") -> Object:
    """Take a payment's money back for the customer's bank, which decides later; return the payment."""
    store = service.store
    found, at = store.get("transaction", name), store.now().isoformat()
    event = {"id": secrets.randbelow(10**9), "event_type": "CHARGE_BACK", "status": status, "amount": found["amount"]}
    events = [*found["transaction_events"], event | {"timestamp": at}]
    copied = ("transaction_code", "merchant_code", "currency", "payment_type", "product_summary", "amount")
    own = {"id": str(uuid4()), "type": "CHARGE_BACK", "status": status, "timestamp": at, "of": name}
    store.keep("charge_back", {part: found[part] for part in copied} | own | {"is_paid_out": False})
    return store.keep("transaction", found | {"transaction_events": events})


def decide_charge_back(service: Service, name: str, status: str) -> Object:
    """Let the bank decide about a payment's charge-backs; where they have failed the money comes back."""
    store = service.store
    found = store.get("transaction", name)
    for one in store.every("charge_back"):
        if one["of"] != name or one["status"] == "FAILED":
            continue
        store.keep("charge_back", one | {"status": status})
        if status == "FAILED" and one["is_paid_out"]:
            back = {"id": str(uuid4()), "timestamp": store.now().isoformat(), "is_paid_out": False}
            store.keep("returned", one | back | {"status": status})
    events = [
        one | {"status": status} if one["event_type"] == "CHARGE_BACK" else one for one in found["transaction_events"]
    ]
    return store.keep("transaction", found | {"transaction_events": events})


def history(service: Service, merchant: str, asked: dict[str, str]) -> Object:
    """Return a page of what has moved, oldest first, and where the next one is."""
    unknown = set(asked) - {"oldest_time", "newest_time", "order", "limit", "oldest_ref"}
    if unknown or asked.get("order", "ascending") != "ascending":
        raise Refused(400, "INVALID", f"The stand-in does not know: {', '.join(sorted(unknown)) or 'descending'}")
    most = min(int(asked.get("limit", LISTED)), MOST_LISTED)
    lines = sorted(
        [one for kind in ("transaction", "refund", "charge_back") for one in _of(service, merchant, kind)],
        key=lambda one: (one["timestamp"], one["id"]),
    )
    found = [one for one in lines if _is_within(one, asked)]
    if "oldest_ref" in asked:
        names = [one["id"] for one in found]
        found = found[names.index(asked["oldest_ref"]) + 1 :]
    page, links = found[:most], []
    if len(found) > most:
        kept = {**asked, "oldest_ref": page[-1]["id"]}
        links = [{"rel": "next", "href": "&".join(f"{name}={_quoted(value)}" for name, value in kept.items())}]
    shown = ("transaction_code", "amount", "currency", "timestamp", "status", "payment_type", "product_summary", "type")
    items = [{"id": one["id"], "transaction_id": one["id"], **{part: one[part] for part in shown}} for one in page]
    return {"items": items, "links": links}


def payouts(service: Service, merchant: str, asked: dict[str, str]) -> list[Object]:
    """Return the rows of the payouts of some days. What came on a day is paid out on the next."""
    if not {"start_date", "end_date"} <= set(asked):
        raise Refused(400, "MISSING", "Validation error", param="start_date")
    _pay_out(service, merchant)
    first, last = date.fromisoformat(asked["start_date"]), date.fromisoformat(asked["end_date"])
    rows = [one for one in service.store.every("payout") if one["merchant_code"] == merchant]
    return [
        {name: value for name, value in one.items() if name != "merchant_code"}
        for one in rows
        if first <= date.fromisoformat(one["date"]) <= last
    ]


def _pay_out(service: Service, merchant: str) -> None:
    """Write the rows of what came on days that are over, and of what went back then."""
    store, today = service.store, service.store.now().date()
    due = [(one, kind, row) for kind, row in PAID_OUT.items() for one in _of(service, merchant, kind)]
    for one, kind, row in due:
        day = datetime.fromisoformat(one["timestamp"]).date()
        if one["is_paid_out"] or day >= today or (one["status"] == "FAILED" and kind != "returned"):
            continue
        fee = CHARGE_BACK_FEE if kind == "charge_back" else one.get("fee_amount", 0)
        on = day + timedelta(days=1)
        store.keep(kind, one | {"is_paid_out": True})
        store.keep(
            "payout",
            {
                "id": len(store.every("payout")) + 1,
                "merchant_code": merchant,
                "type": row,
                "amount": round(one["amount"] + (fee if kind == "charge_back" else -fee), 2),
                "fee": fee,
                "currency": one["currency"],
                "date": on.isoformat(),
                "status": "SUCCESSFUL",
                "reference": f"SUMUP-{merchant}-{on:%Y%m%d}",
                "transaction_code": one["transaction_code"],
            },
        )


def ask_reader(service: Service, merchant: str, name: str, given: Any) -> Object:
    """Let a reader ask for a card, for a minute, one thing at a time."""
    asked, reader = checked(contract.ReaderCheckout, given), _reader(service, merchant, name)
    if not reader["is_online"]:
        raise Refused(422, "READER_OFFLINE", "The device is offline.")
    if reader["asked"] and datetime.fromisoformat(reader["asked_at"]) + READER_WAITS > service.store.now():
        raise Refused(422, "READER_BUSY", "There is already a pending checkout for this device.")
    client = str(uuid4())
    at = service.store.now().isoformat()
    service.store.keep("reader", reader | {"asked": asked.model_dump(mode="json"), "client": client, "asked_at": at})
    return {"data": {"client_transaction_id": client}}


def stop_reader(service: Service, merchant: str, name: str) -> None:
    """Let a reader ask for nothing any more."""
    service.store.keep("reader", _reader(service, merchant, name) | {"asked": None})


def tap(service: Service, name: str, status: str) -> Object | None:
    """Hold a card to a reader; return what comes of it, or nothing where it asks for none."""
    reader = service.store.get("reader", name)
    asked = reader["asked"]
    if asked is None:
        return None
    amount, affiliate = asked["total_amount"], asked["affiliate"] or {}
    service.store.keep("reader", reader | {"asked": None})
    made = _charge(
        service, reader["merchant_code"], amount["value"] / 100, amount["currency"], status, kind="POS",
        foreign=affiliate.get("foreign_transaction_id", ""), description=asked["description"], client=reader["client"],
    )  # fmt: skip
    payload = {
        "client_transaction_id": made["client_transaction_id"],
        "merchant_code": made["merchant_code"],
        "status": status.lower(),
    }
    body = {"id": str(uuid4()), "event_type": "solo.transaction.updated", "payload": payload}
    service.hints.say(asked["return_url"], body | {"timestamp": made["timestamp"]})
    return made


def readers(service: Service, merchant: str) -> Object:
    """Return a merchant's readers."""
    found = [one for one in service.store.every("reader") if one["merchant_code"] == merchant]
    return {"items": [{"id": one["id"], "name": one["name"], "status": "paired"} for one in found]}


def reader_status(service: Service, merchant: str, name: str) -> Object:
    """Return whether a reader is there, and what it does."""
    reader = _reader(service, merchant, name)
    state = "WAITING_FOR_CARD" if reader["asked"] else "IDLE"
    return {"data": {"status": "ONLINE" if reader["is_online"] else "OFFLINE", "state": state}}


def _reader(service: Service, merchant: str, name: str) -> Object:
    """Return a merchant's reader; one that nobody has paired yet is paired by being named."""
    try:
        reader = service.store.get("reader", name)
    except Refused:
        reader = service.store.keep(
            "reader",
            {"id": name, "name": name, "merchant_code": merchant, "is_online": True, "asked": None, "client": "",
             "asked_at": ""},
        )  # fmt: skip
    if reader["merchant_code"] != merchant:
        raise not_found()
    return reader


def _by_reference(service: Service, reference: str) -> list[Object]:
    return [one for one in service.store.every("checkout") if one["checkout_reference"] == reference]


def _of(service: Service, merchant: str, kind: str) -> list[Object]:
    return [one for one in service.store.every(kind) if one["merchant_code"] == merchant]


def _shown(found: Object) -> Object:
    return {name: value for name, value in found.items() if name not in {"is_paid_out", "type"}}


def _is_within(one: Object, asked: dict[str, str]) -> bool:
    at = datetime.fromisoformat(one["timestamp"])
    since, until = asked.get("oldest_time"), asked.get("newest_time")
    return (since is None or at >= datetime.fromisoformat(since)) and (
        until is None or at < datetime.fromisoformat(until)
    )


def _quoted(value: str) -> str:
    return value.replace("+", "%2B").replace(":", "%3A")
