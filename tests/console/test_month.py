"""A manager reads what came in in a month, who got it, and whose money is late (R19, R3)."""

import csv
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from journeys.reads.partner_month import own_months
from journeys.tasks import note_waiting_money
from kernel.clock import now
from ledger import chart
from ledger.events import (
    Occasion,
    card_paid,
    cash_paid,
    commission_taken,
    fee_charged,
    job_done,
    overflow_shared,
    payout_ordered,
)
from ledger.selectors import trial_balance
from ledger.services import About, post
from payouts.services import hold_payouts
from tenants.models import Tenant
from tests.cast import Cast, book, sign_in_staff
from tests.pages import press
from tests.payouts.money import MONDAY, run_now, with_account

# Longer than is promised, and than anybody stays signed in.
LATER = timedelta(days=40)
HOME, ACCOUNTS = "/admin/", "/admin/reports/accounts/"
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
OCTOBER = date(2026, 10, 9)


def work(
    tenant: Tenant, friend: Friend, *, order_id: UUID | None = None, on: date = MONDAY, currency: str = "EUR",
    in_cash: bool = False,
) -> None:  # fmt: skip
    """Book a job for 99.00, of which the friend gets 79.20 and the partner 5.00 of the commission."""
    act = uuid4()
    about = About(tenant_id=tenant.pk, order_id=order_id or act, job_id=act)
    occasion = Occasion(act=act, currency=currency, on=on, at=now(), about=about)
    worker = chart.friend(friend.pk)
    paid = (
        cash_paid(occasion, tenant_id=tenant.pk, friend_id=friend.pk, amount=9_900)
        if in_cash
        else card_paid(occasion, provider=chart.STRIPE, tenant_id=tenant.pk, amount=9_900)
    )
    post(
        paid,
        job_done(occasion, tenant_id=tenant.pk, worker=worker, price=9_900),
        commission_taken(occasion, worker=worker, commission=1_832, vat=148),
        overflow_shared(occasion, tenant_id=tenant.pk, share=500),
        fee_charged(occasion, provider=chart.STRIPE, amount=0 if in_cash else 317),
    )


def words_of(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_month_says_what_came_in_who_got_it_and_why(
    nord: Tenant, sued: Tenant, four_near: Cast, manager_client: Client
) -> None:
    order = book(nord)
    work(nord, four_near["Ben"], order_id=order.uuid)
    work(nord, four_near["Ben"], in_cash=True)
    work(nord, four_near["Ben"], on=OCTOBER, currency="CHF")
    work(sued, four_near["Ben"])

    page = press(manager_client, manager_client.get(ACCOUNTS), "Your month")

    shown = words_of(page.text)
    assert "November 2026" in shown
    assert "Came in from customers €198.00 Paid by card €99.00 Paid in cash €99.00" in shown
    assert "Went to friends €158.40 Job done €198.00 Commission -€39.60" in shown
    assert "Kept by the platform €26.64 Commission €36.64 Share of a job passed on -€10.00" in shown
    assert "Your share €10.00 Share of a job passed on €10.00" in shown
    assert "the platform has paid €3.17 for card payments" in shown
    assert f"{order.number} Mon, 23 November €99.00 – €79.20 €13.32 €1.48 €5.00 –" in shown
    rows = list(csv.DictReader(press(manager_client, page, "Download as CSV").text.splitlines()))
    assert sum(int(row["friends_minor"]) for row in rows) == 15_840
    assert order.number in {row["order"] for row in rows}

    before = press(manager_client, page, "Earlier")
    assert "October 2026" in before.text
    assert "Came in from customers CHF" in words_of(before.text)
    assert "Nothing was booked in this month." in press(manager_client, before, "Earlier").text


def test_a_month_agrees_with_the_trial_balance(nord: Tenant, four_near: Cast) -> None:
    work(nord, four_near["Ben"])
    work(nord, four_near["Cem"], in_cash=True)
    ordered = Occasion(act=uuid4(), currency="EUR", on=MONDAY, at=now(), about=About(payout_id=uuid4()))
    post(payout_ordered(ordered, worker=chart.friend(four_near["Ben"].pk), amount=100))
    since, until = NOVEMBER

    (month,) = own_months(nord, since)

    moved = {row.kind.value: row.debit_minor - row.credit_minor for row in trial_balance(since=since, until=until)}
    assert month.sums["came_in"] == moved["stripe"] + month.fees_minor + moved["cash"]
    assert month.sums["friends"] == -moved["friend"] + 100
    assert (month.sums["kept"], month.sums["vat"]) == (-moved["platform"], -moved["vat"])
    assert month.fees_minor == moved["fees"]
    own = {row.kind.value: row.closing_minor for row in trial_balance(since=since, until=until, tenant_id=nord.pk)}
    assert (month.sums["open"], -month.sums["share"]) == (own["customer"], own["partner"])
    left = month.sums["came_in"] + month.sums["open"] + month.sums["borne"]
    assert left == sum(month.sums[name] for name in ("friends", "kept", "vat", "share"))


def test_late_money_stands_on_the_managers_desk_with_reason_and_date(
    nord: Tenant, sued: Tenant, four_near: Cast, manager_client: Client, clock: Coordinates
) -> None:
    ben, cem = four_near["Ben"], four_near["Cem"]
    with_account(ben.pk)
    work(nord, ben)
    work(sued, cem)
    assert "Friends waiting for their money" not in manager_client.get(HOME).text
    hold_payouts(friend_id=ben.pk, reason="Secret words", who="Olga", now=now())

    clock.shift(LATER)
    note_waiting_money()
    sign_in_staff(manager_client, "manager@nord.example")

    shown = words_of(manager_client.get(HOME).text)
    assert f"Friends waiting for their money Friend Why Earned since Amount {ben}" in shown
    assert f"{ben} Payouts on hold 23 November 2026 €79.20" in shown
    assert "Secret words" not in shown
    assert str(cem) not in shown


def test_what_the_bank_does_not_confirm_stands_there_too(
    nord: Tenant, four_near: Cast, manager_client: Client, clock: Coordinates
) -> None:
    with_account(four_near["Ben"].pk)
    work(nord, four_near["Ben"])
    run_now()
    assert "Friends waiting for their money" not in manager_client.get(HOME).text

    clock.shift(LATER)
    sign_in_staff(manager_client, "manager@nord.example")

    assert "Not confirmed by the bank 23 November 2026 €79.20" in words_of(manager_client.get(HOME).text)
