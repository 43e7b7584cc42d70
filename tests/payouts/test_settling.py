"""What is set off and what is paid, over all balances that there can be (R19)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.settling import Owed, settle

BALANCES = st.integers(-50_000, 50_000)


@given(friend=BALANCES, pro=BALANCES, cash=BALANCES)
def test_all_that_is_owed_is_paid_and_nobody_is_brought_below_nothing(friend: int, pro: int, cash: int) -> None:
    owed = Owed(friend, pro, cash)

    netted, paid = settle(owed)

    assert min(netted.friend_minor, netted.pro_minor, paid.friend_minor, paid.pro_minor) >= 0
    assert paid.minor == max(owed.net_minor, 0)
    assert netted.minor == min(max(cash, 0), max(friend + pro, 0))
    for before, of in ((friend, "friend_minor"), (pro, "pro_minor")):
        taken = getattr(netted, of) + getattr(paid, of)
        assert taken <= max(before, 0)


@pytest.mark.parametrize(
    ("owed", "netted", "paid"),
    [
        (Owed(7_920), 0, 7_920),
        (Owed(7_920, 0, 9_900), 7_920, 0),
        (Owed(7_920, 5_000, 9_900), 9_900, 3_020),
        (Owed(-3_000, 10_000, 2_000), 2_000, 5_000),
        (Owed(-3_000, 1_000, 0), 0, 0),
        (Owed(0, 0, 1_980), 0, 0),
    ],
)
def test_cash_is_set_off_first(owed: Owed, netted: int, paid: int) -> None:
    set_off, rest = settle(owed)

    assert (set_off.minor, rest.minor) == (netted, paid)
