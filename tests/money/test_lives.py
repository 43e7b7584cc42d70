"""Whatever becomes of an order, nobody's account is wrong by a minor unit (R12, R19)."""

import os

from tenants.models import Tenant
from tests.money.lives import play

# As many lives as ``make test`` has time for; ``make bench BENCH=money-lives`` plays more.
LIVES = int(os.environ.get("QUARTETT_TESTS_LIVES", "100"))


def test_money_lives(nord: Tenant, sued: Tenant) -> None:
    """Play random lives."""
    assert play([nord, sued], LIVES).total() == LIVES
