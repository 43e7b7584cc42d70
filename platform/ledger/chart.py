"""The chart of accounts: how an account is named before it has a row.

An account's id follows from what it is, so nobody looks one up to write to it.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from ledger.kinds import AccountKind

# Never to be changed: the ids of all accounts follow from it.
_SPACE = UUID("6f1d2f0e-5a0b-5c57-9f1e-6c6564676572")


@dataclass(frozen=True)
class AccountName:
    """An account in whatever currency: a kind and, where that has one, its holder."""

    kind: AccountKind
    tenant_id: int | None = None
    friend_id: UUID | None = None

    def id_in(self, currency: str) -> UUID:
        """Return the id of the account in a currency."""
        return uuid5(_SPACE, f"{self.kind}:{self.tenant_id or ''}:{self.friend_id or ''}:{currency}")


PLATFORM = AccountName(AccountKind.PLATFORM)
VAT = AccountName(AccountKind.VAT)
STRIPE = AccountName(AccountKind.STRIPE)
SUMUP = AccountName(AccountKind.SUMUP)
BANK = AccountName(AccountKind.BANK)
UNDER_WAY = AccountName(AccountKind.UNDER_WAY)
DISPUTED = AccountName(AccountKind.DISPUTED)
VOUCHERS = AccountName(AccountKind.VOUCHERS)
FEES = AccountName(AccountKind.FEES)
GUARANTEE = AccountName(AccountKind.GUARANTEE)
BONUSES = AccountName(AccountKind.BONUSES)
ROUNDING = AccountName(AccountKind.ROUNDING)


def customers_of(tenant_id: int) -> AccountName:
    """Return what a partner's customers owe, or have paid ahead."""
    return AccountName(AccountKind.CUSTOMER, tenant_id=tenant_id)


def partner(tenant_id: int) -> AccountName:
    """Return what a partner is owed."""
    return AccountName(AccountKind.PARTNER, tenant_id=tenant_id)


def friend(friend_id: UUID) -> AccountName:
    """Return what a friend is owed."""
    return AccountName(AccountKind.FRIEND, friend_id=friend_id)


def pro(friend_id: UUID) -> AccountName:
    """Return what a friend is owed for work as a pro."""
    return AccountName(AccountKind.PRO, friend_id=friend_id)


def cash_of(friend_id: UUID) -> AccountName:
    """Return the customers' cash in a friend's hands."""
    return AccountName(AccountKind.CASH, friend_id=friend_id)
