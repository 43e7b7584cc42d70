"""How much of customers' cash friends may hold before only cashless jobs are offered to them. Run on the platform."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from ledger.kinds import AccountKind
from ledger.selectors import accounts, with_balance

# Rappen, cents and groszy.
MINOR = 100
NO_LIMIT = 0


def most_minor(currency: str) -> int:
    """Return the most that a friend may owe from cash in a currency, in minor units; 0 where there is no limit."""
    return settings.CASH_LIMITS.get(currency, NO_LIMIT) * MINOR


def above_limit(friend_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return for each friend in which currencies the books hold a debt above the limit (2 queries).

    A debt is the cash in their hands and what they owe otherwise, less what they are owed.
    """
    debts: dict[tuple[UUID, str], int] = {}
    kinds = [AccountKind.FRIEND, AccountKind.PRO, AccountKind.CASH]
    for one in with_balance(accounts(friend_ids=friend_ids, kinds=kinds)) if friend_ids else ():
        assert one.friend_id is not None, "they are a friend's"
        key = one.friend_id, one.currency
        debts[key] = debts.get(key, 0) + one.balance_minor
    found: dict[UUID, list[str]] = {friend_id: [] for friend_id in friend_ids}
    for (friend_id, currency), debt in sorted(debts.items()):
        if 0 < most_minor(currency) < debt:
            found[friend_id].append(currency)
    return found
