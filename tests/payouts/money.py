"""Money that friends have earned, accounts to pay to, and runs."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from journeys.money.payouts.pay_out import carry_out_runs
from kernel.clock import now
from ledger import chart
from ledger.chart import AccountName
from ledger.events import Occasion, cash_paid, commission_taken, job_done
from ledger.models import Entry
from ledger.selectors import balance_of
from ledger.services import About, post
from payouts.models import Payout, Run
from payouts.services import enter_account, start_run

TODAY = date(2026, 11, 24)
MONDAY = date(2026, 11, 23)
GERMAN, SWISS, POLISH = "DE89370400440532013000", "CH9300762011623852957", "PL61109010140000071219812874"
NORD = 1_001
FOREVER = 1e9


def earn(
    friend_id: UUID, *, on: date = TODAY, currency: str = "EUR", price: int = 9_900, in_cash: bool = False,
    as_pro: bool = False, job_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Book a job with a commission of 20 %, and return its id: of 99.00 the friend is owed 79.20."""
    job = job_id or uuid4()
    about = About(tenant_id=NORD, order_id=job, job_id=job)
    occasion = Occasion(act=job, currency=currency, on=on, at=now(), about=about)
    worker = chart.pro(friend_id) if as_pro else chart.friend(friend_id)
    commission = price // 5
    vat = commission * 81 // 1_081
    post(
        job_done(occasion, tenant_id=NORD, worker=worker, price=price),
        commission_taken(occasion, worker=worker, commission=commission - vat, vat=vat),
    )
    if in_cash:
        post(cash_paid(occasion, tenant_id=NORD, friend_id=friend_id, amount=price))
    return job


def with_account(friend_id: UUID, iban: str = GERMAN) -> None:
    """Let a friend be paid."""
    enter_account(friend_id=friend_id, holder="Ben Muster", iban=iban, now=now())


def run_now(currency: str = "EUR", **more: Any) -> Run:
    """Carry out a run that an operator asks for, and return it; that of the week comes after it."""
    run = start_run(currency=currency, who="Olga", now=now(), **more)
    carry_out_runs(now=now(), budget_s=FOREVER)
    run.refresh_from_db()
    return run


def weekly() -> list[Payout]:
    """Carry out the runs of the week and return what they ordered and set off."""
    before = set(Payout.objects.values_list("pk", flat=True))
    carry_out_runs(now=now(), budget_s=FOREVER)
    return list(Payout.objects.exclude(pk__in=before).order_by("friend_id"))


def owed(friend_id: UUID, currency: str = "EUR") -> int:
    """Return what the books owe a friend in all, negative for a debt."""
    worker = balance_of(chart.friend(friend_id), currency) + balance_of(chart.pro(friend_id), currency)
    return worker - balance_of(chart.cash_of(friend_id), currency)


def under_way(currency: str = "EUR") -> int:
    """Return what stands in bank files."""
    return balance_of(chart.UNDER_WAY, currency)


def paid_entries(account: AccountName, currency: str = "EUR") -> list[int]:
    """Return the amounts on an account, debit positive, in the order of the books."""
    found = Entry.objects.filter(account=account.id_in(currency)).order_by("id")
    return list(found.values_list("amount_minor", flat=True))
