"""What the books hold after a story, in words that tests can compare."""

from collections import Counter

from crowd.models import Friend
from ledger.models import Entry, Transaction
from ledger.selectors import trial_balance
from orders.models import Order
from tests.ledger.books import settle_constraints

# A test asks what somebody holds as they would say it: positive is good for whoever holds it, or what they owe us.
Held = dict[str, int]


def held_of(order: Order) -> Held:
    """Return what an order's transactions have left on each kind of account, positive where that usually stands.

    Fails where the database says that they do not balance.
    """
    settle_constraints()
    sums: Counter[str] = Counter()
    for entry in Entry.objects.filter(transaction__order_id=order.uuid).select_related("account"):
        sums[entry.account.kind] += entry.account.sign * entry.amount_minor
    return {kind: amount for kind, amount in sums.items() if amount}


def earned_by(friend: Friend, order: Order) -> int:
    """Return what a friend has earned with an order, be it as a friend or as a pro."""
    mine = Entry.objects.filter(
        transaction__order_id=order.uuid, account__friend_id=friend.pk, account__kind__in=["friend", "pro"]
    )
    return -sum(mine.values_list("amount_minor", flat=True))


def events_of(order: Order) -> list[str]:
    """Return what was booked of an order, in the order of the books."""
    return list(Transaction.objects.filter(order_id=order.uuid).order_by("id").values_list("event", flat=True))


def assert_balance() -> None:
    """Fail unless debits and credits are equal in each currency, as the database says and as the sums say."""
    settle_constraints()
    first = Transaction.objects.order_by("booked_on").values_list("booked_on", flat=True).first()
    last = Transaction.objects.order_by("booked_on").values_list("booked_on", flat=True).last()
    if first is None or last is None:
        return
    sums: Counter[str] = Counter()
    for row in trial_balance(since=first, until=last):
        sums[row.currency] += row.closing_minor
    assert not any(sums.values()), sums
