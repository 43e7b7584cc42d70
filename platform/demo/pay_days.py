"""The pay days of the demo's past: friends were paid, and the bank confirmed it; only the newest run waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from journeys.money.payouts.pay_out import carry_out_runs, confirm_file
from payouts.calendar import PAY_DAY, WEEK_DAYS
from payouts.models import Run
from payouts.selectors import files_of

WHO = "Demo"
# By then an order of the past is done.
DONE_WITHIN = timedelta(days=4)
CONFIRMED_AFTER = timedelta(days=1)
FOREVER = 1e9


def past_pay_days(*, since: datetime, now: datetime) -> Iterator[datetime]:
    """Yield the Mondays of a time, but for the newest: the worker carries that one out."""
    monday = since + timedelta(days=(PAY_DAY - since.weekday()) % WEEK_DAYS)
    while monday < now - timedelta(days=WEEK_DAYS):
        yield monday
        monday += timedelta(days=WEEK_DAYS)


def pay(monday: datetime) -> None:
    """Pay what has been earned by a Monday, and let the bank confirm it."""
    carry_out_runs(now=monday, budget_s=FOREVER)
    for run in Run.objects.filter(begun_at=monday):
        for file in files_of(run):
            confirm_file(run_id=run.pk, file_number=file["file_number"], who=WHO, now=monday + CONFIRMED_AFTER)
