"""Friends' own accounts at Stripe: opened, looked at, ended. Run on the platform.

As with payments, nothing that a webhook says is believed: it only lets the account be looked at. Stripe is asked
outside of every transaction.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from kernel.database.constraints import constraint_of
from stripe_gateway import client
from stripe_gateway.client import SeenAccount
from stripe_gateway.errors import NoStripeAccount, RefusedByStripe
from stripe_gateway.models import ConnectAccount
from stripe_gateway.selectors import connect_account_of

logger = logging.getLogger(__name__)

# One that is not ready is looked at so often, in case a webhook got lost.
LOOK_EVERY = timedelta(hours=6)
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (60, 300, 1_800, 21_600))
# Stripe's words for an account that is gone, or that we may not ask about any more.
GONE = {"account_invalid", "resource_missing"}


@dataclass(frozen=True)
class Changed:
    """An account as it is now, and whether it has just become ready, or ceased to be."""

    account: ConnectAccount
    is_new: bool = False
    is_over: bool = False


def begin_account(*, friend_id: UUID, email: str, country: str, now: datetime) -> ConnectAccount:
    """Write down that a friend wants to be paid by Stripe, or return the account they have. Stripe is not asked yet."""
    found = connect_account_of(friend_id)
    if found is not None:
        return found
    account_id = uuid4()
    try:
        with transaction.atomic():
            return ConnectAccount.objects.create(
                id=account_id,
                friend_id=friend_id,
                key=f"connect-account:{account_id}",
                asked={
                    "country": country,
                    "email": email,
                    "business_type": "individual",
                    "controller": {
                        "fees": {"payer": "application"},
                        "losses": {"payments": "application"},
                        "requirement_collection": "stripe",
                        "stripe_dashboard": {"type": "express"},
                    },
                    "capabilities": {"transfers": {"requested": True}},
                    "metadata": {"connect_account": str(account_id)},
                },
                entered_at=now,
                look_at=now + LOOK_EVERY,
            )
    except IntegrityError as error:
        if constraint_of(error) != "connect_one_account":
            raise
        # Their other window was faster.
        return ConnectAccount.objects.get(friend_id=friend_id, ended_at=None)


def look_at_account(pk: UUID) -> SeenAccount | None:
    """Ask Stripe how an account stands, and open it where that is not done; None where it is gone. In no transaction.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    account = ConnectAccount.objects.get(pk=pk)
    account_id = account.account_id or client.open_account(account.asked, key=account.key)
    if account.account_id is None:
        ConnectAccount.objects.filter(pk=pk, account_id=None).update(account_id=account_id)
    try:
        return client.read_account(account_id)
    except RefusedByStripe as error:
        if error.why in GONE:
            return None
        raise


def note_account(pk: UUID, seen: SeenAccount | None, *, now: datetime) -> Changed:
    """Write down how an account stands, and say what is news. In the caller's transaction."""
    account = ConnectAccount.objects.select_for_update().get(pk=pk)
    if account.ended_at is not None:
        return Changed(account)
    was_ready = account.is_ready
    if seen is None:
        account.is_ready, account.ended_at, account.refusal = False, now, "closed"
    else:
        account.account_id = seen.account_id
        account.is_ready, account.wants, account.refusal = seen.is_ready, list(seen.wants), seen.refusal[:100]
    is_new = account.is_ready and account.ready_at is None
    if is_new:
        account.ready_at = now
    account.look_at = None if account.is_ready or account.ended_at else now + LOOK_EVERY
    account.failures = 0
    account.save()
    return Changed(account, is_new=is_new, is_over=was_ready and not account.is_ready)


def onboarding_page(friend_id: UUID, *, return_url: str, refresh_url: str) -> str:
    """Return the address where a friend tells Stripe about themselves. In no transaction.

    Raises NoStripeAccount, UnableToReachStripe or RefusedByStripe.
    """
    account = connect_account_of(friend_id)
    if account is None or account.account_id is None:
        raise NoStripeAccount
    return client.onboarding_page(account.account_id, return_url=return_url, refresh_url=refresh_url)


def end_account(friend_id: UUID, *, now: datetime) -> bool:
    """Let a friend be paid another way from now on; say whether they had an account. What is ordered goes on."""
    found = ConnectAccount.objects.filter(friend_id=friend_id, ended_at=None)
    return bool(found.update(ended_at=now, is_ready=False, look_at=None))


@transaction.atomic
def claim_due_account(*, now: datetime) -> ConnectAccount | None:
    """Return an account that is due for a look; nobody else gets it for as long as a look may take."""
    due = ConnectAccount.objects.select_for_update(skip_locked=True).filter(look_at__lte=now, ended_at=None)
    account = due.order_by("look_at").first()
    if account is not None:
        account.look_at = now + BACKOFF[min(account.failures, len(BACKOFF) - 1)]
        account.save(update_fields=["look_at"])
    return account


def note_account_failed(claimed: ConnectAccount) -> None:
    """Count a look that has failed; the claim itself is the pause before the next."""
    ConnectAccount.objects.filter(pk=claimed.pk).update(failures=F("failures") + 1)
