"""When payouts run, what is promised, and from which amount on.

Nothing here silences the alarm about unpaid money: it follows from the promise, and that from 1 to 31 days.
"""

from datetime import date, timedelta

from django.conf import settings

# Payouts run on Mondays.
PAY_DAY = 0
WEEK_DAYS = 7
# In minor units. Less waits for more, but never for longer than is promised.
LEAST = {"CHF": 1_000, "EUR": 1_000, "PLN": 4_000}
PROMISE = range(1, 32)


def pay_day_of(today: date) -> date:
    """Return the latest pay day that has come."""
    return today - timedelta(days=(today.weekday() - PAY_DAY) % WEEK_DAYS)


def next_pay_day(today: date) -> date:
    """Return the first pay day after a day."""
    return pay_day_of(today) + timedelta(days=WEEK_DAYS)


def promised() -> timedelta:
    """Return how long after they have earned it friends have their money at the latest."""
    return timedelta(days=min(max(settings.PAYOUT_PROMISED_DAYS, PROMISE.start), PROMISE.stop - 1))


def overdue_before(today: date) -> date:
    """Return the day before which nothing earned may be unpaid."""
    return today - promised()
