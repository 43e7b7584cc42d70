"""Customers are reminded of open invoices, and what nobody pays is written off; the friend has the money anyway."""

import csv
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from bank.models import Claim, Reminder
from bank.states import ClaimState
from billing.models import Bill
from journeys.links import order_url
from journeys.money.incoming.bank_files import take_bank_file
from journeys.order.deadlines import sweep
from kernel.clock import now
from ledger import chart
from ledger.models import Transaction
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.cast import Cast, deliver
from tests.ledger.books import owed, settle_constraints
from tests.money.statements import In, camt
from tests.money.test_bank_files import BANK
from tests.pages import assert_valid_html, press, text_of

INVOICES = f"{BANK}invoices/"


def go_to(clock: time_machine.Coordinates, days: int) -> list[str]:
    """Let days pass, act on what is due, and return the subjects of the mails about invoices that went out."""
    return [mail.subject for mail in mails_after(clock, days)]


def mails_after(clock: time_machine.Coordinates, days: int) -> list[Any]:
    """Let days pass, act on what is due, and return the mails about invoices that went out."""
    clock.shift(timedelta(days=days))
    sweep(now=now())
    return [mail for mail in deliver() if "invoice" in mail.subject]


def after_all_reminders(clock: time_machine.Coordinates) -> None:
    """Go to the day after the customer was asked to pay for the last time."""
    for days in (38, 15, 15, 8):
        go_to(clock, days)


def sign_in_again(client: Client) -> None:
    """Let Olga in once more: a session does not last for weeks."""
    client.force_login(User.objects.get(email="olga@quartett.example"))


def held_by(tenant: Tenant, friend: Cast) -> tuple[int, int, int]:
    """Return what the books hold of customers, the guarantee and Ben, debit positive."""
    settle_constraints()
    ben = friend["Ben"].pk
    return (
        owed(chart.customers_of(tenant.pk), "EUR"),
        owed(chart.GUARANTEE, "EUR"),
        owed(chart.friend(ben), "EUR"),
    )


def test_reminders_come_in_steps_each_once_and_the_orders_page_shows_them(
    nord: Tenant,
    order: Order,
    bill: Bill,
    clock: time_machine.Coordinates,
    visitor: Client,
) -> None:
    change_settings(tenant=nord, who="Ada", now=now(), reminders=[{"days": 7}, {"days": 20, "fees": {"EUR": 500}}])
    deliver()
    assert go_to(clock, 36) == []
    assert go_to(clock, 2) == [f"Reminder: invoice {bill.number} from Nord"]
    assert go_to(clock, 0) == []

    (last,) = mails_after(clock, 13)

    assert last.subject == f"Last reminder: invoice {bill.number} from Nord"
    assert "€54.00" in last.body
    assert [name for name, _content, _kind in last.attachments] == [f"{bill.number}.pdf"]
    assert go_to(clock, 60) == []
    assert list(Reminder.objects.order_by("step").values_list("step", "fee_minor")) == [(1, 0), (2, 500)]
    fee = Transaction.objects.get(event="reminder_fee")
    assert (fee.tenant_id, fee.order_id) == (nord.pk, order.uuid)
    with tenant_context(nord):
        page = order_url(nord, order.uuid, "en")
    said = visitor.get(page)
    assert "€54.00 is still owed." in text_of(said)
    assert "fee €5.00" in text_of(said)
    assert_valid_html(said)


def test_with_the_fee_it_is_paid_without_it_a_part(
    nord: Tenant,
    bill: Bill,
    clock: time_machine.Coordinates,
) -> None:
    change_settings(tenant=nord, who="Ada", now=now(), reminders=[{"days": 7, "fees": {"EUR": 500}}])
    go_to(clock, 38)

    taken = take_bank_file(camt(In(4_900, reference=bill.reference)), file_name="a", who="Olga", now=now())
    assert taken.waiting == 1
    take_bank_file(camt(In(500, words=bill.reference)), file_name="b", who="Olga", now=now())

    assert Claim.objects.get().state == ClaimState.PAID


def test_a_paid_invoice_is_not_reminded_of(
    bill: Bill,
    clock: time_machine.Coordinates,
) -> None:
    take_bank_file(camt(In(4_900, reference=bill.reference)), file_name="a", who="Olga", now=now())
    deliver()

    assert go_to(clock, 100) == []
    assert not Reminder.objects.exists()


def test_a_mail_that_waited_says_nothing_once_the_money_is_there(
    bill: Bill,
    clock: time_machine.Coordinates,
) -> None:
    deliver()
    clock.shift(timedelta(days=38))
    sweep(now=now())
    take_bank_file(camt(In(4_900, reference=bill.reference)), file_name="a", who="Olga", now=now())

    assert go_to(clock, 0) == []


def test_the_database_refuses_a_second_reminder_of_a_step(
    bill: Bill,
    clock: time_machine.Coordinates,
) -> None:
    go_to(clock, 38)
    sent = Reminder.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        Reminder.objects.create(
            claim=sent.claim, step=sent.step, sent_at=now(), sent_on=sent.sent_on, pay_by=sent.pay_by
        )


def test_after_a_long_stop_each_reminder_leaves_its_days(
    bill: Bill,
    clock: time_machine.Coordinates,
) -> None:
    deliver()

    assert go_to(clock, 90) == [f"Reminder: invoice {bill.number} from Nord"]
    assert go_to(clock, 7) == []
    assert go_to(clock, 1) == [f"Another reminder: invoice {bill.number} from Nord"]


def test_what_nobody_pays_is_written_off_and_recovered_when_it_comes_all_the_same(
    operator_client: Client, nord: Tenant, order: Order, bill: Bill, four_near: Cast,
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    before = held_by(nord, four_near)
    assert before[:2] == (4_900, 0)
    assert "Needs a decision" not in _rows(operator_client)
    after_all_reminders(clock)
    sign_in_again(operator_client)
    page = operator_client.get(INVOICES)
    assert_valid_html(page)
    assert f"{bill.number} · Ada Lovelace" in text_of(page)
    assert "3 reminders" in text_of(page)
    assert "Needs a decision" in _rows(operator_client)

    without = press(operator_client, page, f"Write off €49.00 {bill.number}", {"why": ""})
    assert "Please say why." in text_of(without)
    done = press(operator_client, without, f"Write off €49.00 {bill.number}", {"why": "Moved to nowhere"})

    assert "€49.00 written off by olga@quartett.example: Moved to nowhere" in text_of(done)
    assert held_by(nord, four_near) == (0, 4_900, before[2])

    taken = take_bank_file(camt(In(5_000, reference=bill.reference)), file_name="a", who="Olga", now=now())

    assert (taken.new, taken.waiting) == (1, 1)
    assert held_by(nord, four_near) == (-100, 0, before[2])
    assert "€49.00 paid after all" in text_of(operator_client.get(INVOICES))


def test_an_invoice_is_written_off_once(
    operator_client: Client,
    bill: Bill,
) -> None:
    page = operator_client.get(INVOICES)
    words = f"Write off €49.00 {bill.number}"
    press(operator_client, page, words, {"why": "=Moved"})

    again = press(operator_client, page, words, {"why": "Twice"})

    assert "This invoice is no longer open." in text_of(again)
    assert Transaction.objects.filter(event="written_off").count() == 1
    found = operator_client.get(f"{INVOICES}csv/?state=written_off&q=lovelace").content.decode()
    assert [(row["why"], row["written_off_minor"]) for row in csv.DictReader(found.splitlines())] == [
        ("'=Moved", "4900")
    ]


def test_the_list_is_searched_and_filtered(
    operator_client: Client,
    nord: Tenant,
    bill: Bill,
    clock: time_machine.Coordinates,
) -> None:
    assert bill.number in text_of(operator_client.get(f"{INVOICES}?q={bill.number}&state=open&partner={nord.pk}"))
    assert "Nothing matches that." in text_of(operator_client.get(f"{INVOICES}?state=overdue"))

    go_to(clock, 31)
    sign_in_again(operator_client)

    overdue = text_of(operator_client.get(f"{INVOICES}?state=overdue"))
    assert bill.number in overdue
    assert "Overdue" in overdue


def test_managers_and_strangers_do_not_see_the_invoices(manager_client: Client) -> None:
    assert Client(headers={"host": "app.localhost"}).get(INVOICES).status_code == 302
    assert manager_client.get(INVOICES).status_code == 404


def _rows(client: Client) -> str:
    """Return the list of those that wait for a decision, without the filter above it."""
    return text_of(client.get(f"{INVOICES}?state=decision")).split("Show all")[-1]
