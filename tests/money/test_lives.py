"""Whatever becomes of an order, nobody's account is wrong by a minor unit (R12, R19)."""

import os
import random
from collections import Counter

import pytest
from pytest_django.fixtures import Settings

from ledger.models import Account
from ledger.selectors import with_balance
from stripe_gateway import client
from tenants.models import Tenant
from tests.money.held import assert_balance
from tests.money.lives import Life, Promised, Till, settle_everybody

# As many lives as ``make test`` has time for; the nightly run sets more.
LIVES = int(os.environ.get("QUARTETT_TESTS_LIVES", "300"))
SEED = 12
LOOK_EVERY = 50


def test_money_lives(nord: Tenant, sued: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Play random lives one after the other in the same books."""
    settings.STRIPE_KEY, till = "sk_test_lives", Till()
    for name in ("open_page", "read_page", "close_page", "give_back"):
        monkeypatch.setattr(client, name, getattr(till, name))
    settle_everybody([nord, sued])
    promised: Promised = Counter()
    ends: Counter[str] = Counter()
    for number in range(LIVES):
        life = Life((nord, sued)[number % 2], random.Random(f"{SEED}:{number}"))
        try:
            life.live()
            life.check()
        except BaseException as error:
            error.add_note(f"life {number}")
            raise
        promised += life.promised
        ends[life.state] += 1
        if number % LOOK_EVERY == 0 or number == LIVES - 1:
            assert_balance()
            assert owed_to_friends() == promised

    assert set(ends) == {"cancelled", "confirmed"}, ends
    assert min(ends.values()) > LIVES // 10, ends


def owed_to_friends() -> Promised:
    """Return what the books owe each friend, in whatever currency: each works near one place only."""
    owed: Promised = Counter()
    for account in with_balance(Account.objects.filter(kind__in=["friend", "pro"])):
        owed[account.friend_id] -= account.balance_minor  # type: ignore[index, attr-defined]  # of a friend, annotated
    return Counter({friend_id: amount for friend_id, amount in owed.items() if amount})
