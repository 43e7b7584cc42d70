"""How much of customers' cash friends may hold before only cashless jobs are offered to them. Run on the platform."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings

from ledger.kinds import AccountKind
from ledger.selectors import accounts, with_balance

# Rappen, cents and groszy.
MINOR = 100
NO_LIMIT = 0
# From so much of the limit on, the app says that it is near.
NEAR_PERCENT = 75


@dataclass(frozen=True)
class Limits:
    """In which currencies a friend's debt from cash is above the limit, and in which it is near."""

    above: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()


def most_minor(currency: str) -> int:
    """Return the most that a friend may owe from cash in a currency, in minor units; 0 where there is no limit."""
    return settings.CASH_LIMITS.get(currency, NO_LIMIT) * MINOR


def limits_met(friend_ids: Collection[UUID]) -> dict[UUID, Limits]:
    """Return for each friend in which currencies the books hold a debt above the limit or near it (2 queries)."""
    found = dict.fromkeys(friend_ids, Limits())
    for (friend_id, currency), debt in _debts(friend_ids).items():
        most, met = most_minor(currency), found[friend_id]
        if 0 < most < debt:
            found[friend_id] = replace(met, above=met.above | {currency})
        elif most and most * NEAR_PERCENT <= debt * 100:
            found[friend_id] = replace(met, near=met.near | {currency})
    return found


def _debts(friend_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """Return the cash in friends' hands and what they owe otherwise, less what they are owed, in minor units."""
    debts: dict[tuple[UUID, str], int] = {}
    kinds = [AccountKind.FRIEND, AccountKind.PRO, AccountKind.CASH]
    for one in with_balance(accounts(friend_ids=friend_ids, kinds=kinds)) if friend_ids else ():
        assert one.friend_id is not None, "they are a friend's"
        key = one.friend_id, one.currency
        debts[key] = debts.get(key, 0) + one.balance_minor  # type: ignore[attr-defined]  # annotated
    return debts
