"""Accounts of others at Stripe: opened, told about on a page, transferred to; and what is taken back."""

from collections.abc import Collection
from typing import Any

from demo.stripe_stand_in.acts import Service, moved
from demo.stripe_stand_in.errors import Refused
from demo.stripe_stand_in.store import Object

COUNTRIES = {"CH", "DE", "AT", "PL"}
# What the page asks for, and the requirements that it meets.
ASKED = {
    "person": ("individual.first_name", "individual.dob.day", "individual.address.line1"),
    "document": ("individual.verification.document",),
    "bank": ("external_account",),
    "terms": ("tos_acceptance.date",),
}
LINK_LASTS_S = 300
LISTED = 10


def create_account(service: Service, given: dict[str, Any]) -> Object:
    """Open an account of which nothing is known yet."""
    country = given.get("country", "CH")
    if country not in COUNTRIES:
        raise Refused(400, f"The country `{country}` is not supported.", param="country", code="country_unsupported")
    return service.store.new(
        "acct",
        "account",
        country=country,
        email=given.get("email"),
        business_type=given.get("business_type"),
        controller=given.get("controller"),
        metadata=given.get("metadata") or {},
        capabilities=dict.fromkeys(given.get("capabilities") or {}, "inactive"),
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        requirements={
            "currently_due": [one for names in ASKED.values() for one in names],
            "past_due": [],
            "eventually_due": [],
            "pending_verification": [],
            "disabled_reason": "requirements.past_due",
        },
    )


def account_by_id(service: Service, name: str) -> Object:
    """Return an account; one that is closed is nobody's business any more."""
    account = service.store.get("account", name)
    if account.get("closed"):
        message = f"The provided key does not have access to account '{name}' (or that account does not exist)."
        raise Refused(403, message, code="account_invalid")
    return account


def create_link(service: Service, given: dict[str, Any]) -> Object:
    """Return an address where an account is told about; it works once."""
    account_by_id(service, given["account"])
    if given["type"] != "account_onboarding" or not (given.get("return_url") and given.get("refresh_url")):
        raise Refused(400, "The stand-in knows account_onboarding with both addresses.", param="type")
    link = service.store.new(
        "link",
        "account_link",
        expires_at=service.store.now() + LINK_LASTS_S,
        # Not Stripe's fields: whose page it is and where it leads back.
        stand_in={"account": given["account"], "back": given["return_url"], "again": given["refresh_url"], "used": 0},
    )
    link["url"] = f"{service.base}/setup/{link['id']}"
    service.store.save(link)
    return link


def link_is_over(service: Service, link: Object) -> bool:
    """Say whether a link was used already, or is too old."""
    return bool(link["stand_in"]["used"]) or link["expires_at"] <= service.store.now()


def tell(service: Service, link: Object, told: set[str]) -> str:
    """Take what somebody tells on the page, and return where that leads back."""
    service.store.save(link | {"stand_in": link["stand_in"] | {"used": 1}})
    want(service, link["stand_in"]["account"], without=told)
    return str(link["stand_in"]["back"])


def want(service: Service, name: str, *, without: Collection[str] = (), more: Collection[str] = ()) -> Object:
    """Let an account want less, or more again, and be usable where it wants nothing."""
    account = account_by_id(service, name)
    met = {one for part in without for one in ASKED.get(part, ())}
    due = [one for one in account["requirements"]["currently_due"] if one not in met]
    due += [one for one in more if one not in due]
    account["requirements"] |= {"currently_due": due, "disabled_reason": "requirements.past_due" if due else None}
    is_ready = not due
    account |= {
        "details_submitted": account["details_submitted"] or "terms" in without,
        "payouts_enabled": is_ready,
        "charges_enabled": is_ready,
        "capabilities": dict.fromkeys(account["capabilities"], "active" if is_ready else "inactive"),
    }
    service.store.save(account)
    service.webhooks.emit("account.updated", account, account=account["id"])
    return account


def close_account(service: Service, name: str) -> None:
    """Let an account be closed by its holder."""
    account = account_by_id(service, name)
    application = {"id": "ca_stand_in", "object": "application", "name": "Quartett"}
    service.webhooks.emit("account.application.deauthorized", application, account=name)
    service.store.save(account | {"closed": True})


def create_transfer(service: Service, given: dict[str, Any]) -> Object:
    """Move money of the balance to an account that can take it."""
    account, amount, currency = account_by_id(service, given["destination"]), given.get("amount", 0), given["currency"]
    if account["capabilities"].get("transfers") != "active":
        message = "Your destination account needs to have at least one of the following capabilities enabled: transfers"
        raise Refused(400, message, code="insufficient_capabilities_for_transfer")
    if amount <= 0:
        raise Refused(400, "The amount must be greater than 0.", param="amount", code="parameter_invalid_integer")
    available = service.store.available.get(currency)
    if available is not None and available < amount:
        raise Refused(400, "You have insufficient available funds in your Stripe account.", code="balance_insufficient")
    transfer = service.store.new(
        "tr",
        "transfer",
        amount=amount,
        amount_reversed=0,
        reversed=False,
        currency=currency,
        destination=account["id"],
        transfer_group=given.get("transfer_group"),
        metadata=given.get("metadata") or {},
        reversals={"object": "list", "has_more": False, "data": []},
    )
    moved(service, "transfer", transfer, -amount)
    service.webhooks.emit("transfer.created", transfer)
    return transfer


def reverse_transfer(service: Service, given: dict[str, Any], name: str) -> Object:
    """Take back what was transferred, or a part of it."""
    transfer = service.store.get("transfer", name)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = given.get("amount", left)
    if not 0 < amount <= left:
        raise Refused(400, f"Reversal amount ({amount}) is greater than what is left ({left}).", param="amount")
    reversal = service.store.new(
        "trr",
        "transfer_reversal",
        amount=amount,
        currency=transfer["currency"],
        transfer=name,
        metadata=given.get("metadata") or {},
    )
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, reversal)
    service.store.save(transfer)
    moved(service, "transfer_refund", reversal, amount)
    service.webhooks.emit("transfer.reversed", transfer)
    return reversal


def list_transfers(service: Service, given: dict[str, Any]) -> Object:
    """Return the transfers of a group or to an account, newest first."""
    found = [
        one
        for one in reversed(service.store.every("transfer"))
        if given.get("transfer_group") in (None, one["transfer_group"])
        and given.get("destination") in (None, one["destination"])
    ]
    most = given.get("limit", LISTED)
    return {"object": "list", "url": "/v1/transfers", "has_more": len(found) > most, "data": found[:most]}
