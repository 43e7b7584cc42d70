"""Friends who are paid to an account at Stripe."""

from uuid import UUID

from journeys.money.payouts.connect import choose_stripe, follow_account
from kernel.clock import now
from stripe_gateway.models import ConnectAccount
from stripe_gateway.selectors import connect_account_of
from tests.money.stripe import Stripe

ALL = ["person", "document", "bank", "terms"]


def with_stripe(stripe: Stripe, friend_id: UUID) -> ConnectAccount:
    """Let a friend open an account at Stripe and tell it all that it wants."""
    choose_stripe(friend_id=friend_id, email="ben@friends.example", country="DE", now=now())
    account = connect_account_of(friend_id)
    assert account is not None
    name = follow_account(account.pk, now=now()).account_id
    stripe.control("want", account=name, without=ALL)
    return follow_account(account.pk, now=now())
