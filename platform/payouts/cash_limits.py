"""How much of customers' cash friends may hold before only cashless jobs are offered to them. Run on the platform."""

from collections.abc import Collection
from dataclasses import dataclass
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
class Near:
    """A debt from cash that comes near the limit, in minor units."""

    currency: str
    debt_minor: int
    limit_minor: int


def most_minor(currency: str) -> int:
    """Return the most that a friend may owe from cash in a currency, in minor units; 0 where there is no limit."""
    return settings.CASH_LIMITS.get(currency, NO_LIMIT) * MINOR


def above_limit(friend_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return for each friend in which currencies the books hold a debt above the limit (2 queries)."""
    found: dict[UUID, list[str]] = {friend_id: [] for friend_id in friend_ids}
    for (friend_id, currency), debt in sorted(_debts(friend_ids).items()):
        if 0 < most_minor(currency) < debt:
            found[friend_id].append(currency)
    return found


def near_limit(friend_id: UUID) -> list[Near]:
    """Return how near a friend is to the limit where three quarters of it are owed and it is not passed (2 queries)."""
    near = []
    for (_friend_id, currency), debt in sorted(_debts([friend_id]).items()):
        most = most_minor(currency)
        if most and most * NEAR_PERCENT <= debt * 100 and debt <= most:
            near.append(Near(currency, debt, most))
    return near


def _debts(friend_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """Return the cash in friends' hands and what they owe otherwise, less what they are owed, in minor units."""
    debts: dict[tuple[UUID, str], int] = {}
    kinds = [AccountKind.FRIEND, AccountKind.PRO, AccountKind.CASH]
    for one in with_balance(accounts(friend_ids=friend_ids, kinds=kinds)) if friend_ids else ():
        assert one.friend_id is not None, "they are a friend's"
        key = one.friend_id, one.currency
        debts[key] = debts.get(key, 0) + one.balance_minor
    return debts
