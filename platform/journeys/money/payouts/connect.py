"""A friend is paid to an account at Stripe: opened on Stripe's own page, followed, and used no more. On the platform.

Which money goes there is decided by the payouts; here the friend hears when it begins and when it stops.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from journeys.posting import tell
from journeys.topics import ToFriend
from payouts.services import note_waiting
from stripe_gateway import accounts as gateway
from stripe_gateway.errors import NoStripeAccount, RefusedByStripe, UnableToReachStripe
from stripe_gateway.models import ConnectAccount
from stripe_gateway.selectors import connect_account_of
from tenants.selectors import platform_url

logger = logging.getLogger(__name__)

# So many accounts are looked at in one turn of the sweep.
A_TURN = 20


def choose_stripe(*, friend_id: UUID, email: str, country: str, now: datetime) -> None:
    """Write down that a friend wants to be paid to an account at Stripe; it is opened with the way to its page."""
    gateway.begin_account(friend_id=friend_id, email=email, country=country, now=now)
    note_waiting([friend_id], now=now)


def onboarding_page(*, friend_id: UUID, language: str, now: datetime) -> str:
    """Return the address at Stripe where a friend says what it has to know; each works once.

    Raises NoStripeAccount, UnableToReachStripe or RefusedByStripe.
    """
    account = _account(friend_id)
    follow_account(account.pk, now=now)
    with translation.override(language):
        back = platform_url(reverse("friendhub:back_from_stripe", settings.PUBLIC_SCHEMA_URLCONF))
        again = platform_url(reverse("friendhub:to_stripe", settings.PUBLIC_SCHEMA_URLCONF))
    return gateway.onboarding_page(friend_id, return_url=back, refresh_url=again)


def check_account(*, friend_id: UUID, now: datetime) -> bool:
    """Ask Stripe at once how a friend's account stands, and say whether it could be asked."""
    try:
        follow_account(_account(friend_id).pk, now=now)
    except NoStripeAccount:
        return True
    except (UnableToReachStripe, RefusedByStripe) as error:
        logger.warning("Stripe cannot be asked about the account of %s: %s", friend_id, error.__cause__)
        return False
    return True


def stop_stripe(*, friend_id: UUID, now: datetime) -> bool:
    """Pay a friend no more to their account at Stripe; say whether they had one."""
    with transaction.atomic():
        is_over = gateway.end_account(friend_id, now=now)
        note_waiting([friend_id], now=now)
    return is_over


def follow_account(account_id: UUID, *, now: datetime) -> ConnectAccount:
    """Ask Stripe how an account stands, write it down, and tell the friend what is news.

    Twice, late, or at the same moment as somebody else changes nothing. Raises UnableToReachStripe or RefusedByStripe.
    """
    seen = gateway.look_at_account(account_id)
    with transaction.atomic():
        changed = gateway.note_account(account_id, seen, now=now)
        friend_id = changed.account.friend_id
        if changed.is_new:
            tell(ToFriend.STRIPE_ACCOUNT_READY, account_id, now=now, friend=str(friend_id))
        if changed.is_over:
            tell(ToFriend.STRIPE_ACCOUNT_STOPPED, account_id, now.isoformat(), now=now, friend=str(friend_id))
        note_waiting([friend_id], now=now)
    return changed.account


def sweep_accounts(*, now: datetime) -> int:
    """Look after the accounts that are due, oldest first, and return how many."""
    done = 0
    while done < A_TURN and (claimed := gateway.claim_due_account(now=now)) is not None:
        done += 1
        try:
            follow_account(claimed.pk, now=now)
        except (UnableToReachStripe, RefusedByStripe) as error:
            gateway.note_account_failed(claimed)
            logger.warning("The account %s is looked after later: %s", claimed.pk, error.__cause__)
    return done


def _account(friend_id: UUID) -> ConnectAccount:
    account = connect_account_of(friend_id)
    if account is None:
        raise NoStripeAccount
    return account
