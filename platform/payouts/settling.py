"""What of somebody's balances is set off and what is paid. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Owed:
    """What the books hold of a friend in one currency, in minor units.

    ``friend_minor`` and ``pro_minor`` are positive where the friend is owed, ``cash_minor`` where they hold customers'
    cash.
    """

    friend_minor: int = 0
    pro_minor: int = 0
    cash_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What the friend is owed after all, negative for a debt."""
        return self.friend_minor + self.pro_minor - max(self.cash_minor, 0)


@dataclass(frozen=True)
class Part:
    """An amount by the account that it is taken from."""

    friend_minor: int
    pro_minor: int

    @property
    def minor(self) -> int:
        """The whole of it."""
        return self.friend_minor + self.pro_minor


def settle(owed: Owed) -> tuple[Part, Part]:
    """Return what is set off against cash, and what is left to pay: all that is owed, and never more.

    What somebody earned as a friend is taken first.
    """
    earned = max(owed.friend_minor + owed.pro_minor, 0)
    netted = _taken(owed, min(max(owed.cash_minor, 0), earned))
    rest = Owed(owed.friend_minor - netted.friend_minor, owed.pro_minor - netted.pro_minor)
    return netted, _taken(rest, earned - netted.minor)


def _taken(owed: Owed, amount: int) -> Part:
    of_friend = min(amount, max(owed.friend_minor, 0))
    return Part(of_friend, amount - of_friend)
