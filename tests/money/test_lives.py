"""Whatever becomes of an order, nobody's account is wrong by a minor unit (R12, R19)."""

import pytest

from tenants.models import Tenant
from tests.money.lives import play

# As many lives as ``make test`` has time for, in sets for its processes; ``make bench BENCH=money-lives`` plays more.
EACH = 100


@pytest.mark.parametrize("first", [0, 100, 200])
def test_money_lives(nord: Tenant, sued: Tenant, first: int) -> None:
    """Play random lives."""
    assert play([nord, sued], EACH, first=first).total() == EACH
