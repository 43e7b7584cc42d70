"""Customers pay invoices at their bank, and operators bring in the bank's files."""

import csv
from datetime import date
from io import BytesIO

import pytest
from django.test import Client

from bank.models import BankPayment
from bank.states import InState
from billing.models import Bill, Payment
from journeys.links import order_url
from journeys.money.comparing.reconcile import reconcile_now
from journeys.money.incoming.bank_files import take_bank_file
from kernel.clock import now
from ledger.models import Transaction
from ledger.services import close_period
from orders.models import Order
from reconciliation.models import Difference
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.sellers import IBANS, name_sellers
from tests.ledger.books import settle_constraints
from tests.money.statements import In, camt, mt940
from tests.pages import assert_valid_html, press, text_of
from tests.responses import Response

BANK = "/en/operators/bank/"


def upload(client: Client, content: bytes) -> Response:
    """Choose a file on the page and send it."""
    file = BytesIO(content)
    file.name = "statement.xml"
    return press(client, client.get(BANK), "Read the file", {"file": file})


def is_paid(nord: Tenant, order: Order) -> bool:
    with tenant_context(nord):
        return Payment.objects.get(order=order).paid_at is not None


def came_in(nord: Tenant) -> tuple[int, int]:
    """Return what the books hold on the bank account and of Nord's customers, debit positive."""
    settle_constraints()
    booked = Transaction.objects.filter(event__in=["invoice_paid", "refund_paid"])
    sums = {"bank": 0, "customer": 0}
    for made in booked.prefetch_related("entries__account"):
        for entry in made.entries.all():
            sums[entry.account.kind] += entry.amount_minor
    return sums["bank"], sums["customer"]


def test_a_payment_finds_its_invoice_and_is_booked_once(
    operator_client: Client, nord: Tenant, order: Order, bill: Bill, visitor: Client
) -> None:
    file = camt(In(4_900, reference=bill.reference), paid_out=1_000)

    said = text_of(upload(operator_client, file))

    assert "Payments in this file: 1 new, 0 already known." in said
    assert "Every payment has found its invoice." in said
    assert is_paid(nord, order)
    assert came_in(nord) == (4_900, -4_900)
    made = Transaction.objects.get(event="invoice_paid")
    assert (made.tenant_id, made.order_id, made.booked_on) == (nord.pk, order.uuid, date(2026, 11, 24))
    with tenant_context(nord):
        page = order_url(nord, order.uuid, "en")
    assert "By invoice Paid" in text_of(visitor.get(page))

    assert "Payments in this file: 0 new, 1 already known." in text_of(upload(operator_client, file))
    assert came_in(nord) == (4_900, -4_900)


def test_the_rest_of_a_payment_in_part_takes_it_off_the_desk(
    operator_client: Client, nord: Tenant, order: Order, bill: Bill
) -> None:
    first = text_of(upload(operator_client, camt(In(2_000, reference=bill.reference))))
    assert "Paid in part" in first
    assert not is_paid(nord, order)

    last = text_of(upload(operator_client, camt(In(2_900, words=f"rest of {bill.reference.lower()}"))))

    assert "Every payment has found its invoice." in last
    assert is_paid(nord, order)
    assert came_in(nord) == (4_900, -4_900)


def test_what_is_too_much_waits_until_it_has_been_sent_back(
    operator_client: Client, nord: Tenant, order: Order, bill: Bill
) -> None:
    page = upload(operator_client, camt(In(5_400, reference=bill.reference)))
    assert "Paid too much" in text_of(page)
    assert_valid_html(page)
    assert is_paid(nord, order)
    assert came_in(nord) == (5_400, -5_400)

    after = press(operator_client, page, "€5.00 has been sent back")

    assert "The refund is booked." in text_of(after)
    assert "Every payment has found its invoice." in text_of(after)
    assert came_in(nord) == (4_900, -4_900)


def test_an_invoice_that_is_paid_twice_is_too_much(operator_client: Client, bill: Bill) -> None:
    twice = [In(4_900, reference=bill.reference, bank_reference=name) for name in ("A", "B")]

    upload(operator_client, camt(*twice))

    assert sorted(BankPayment.objects.values_list("state", "over_minor")) == [("over", 4_900), ("paid", 0)]


def test_a_payment_that_names_nothing_is_assigned_by_hand(
    operator_client: Client, nord: Tenant, order: Order, bill: Bill
) -> None:
    page = upload(operator_client, camt(In(4_900, words="For the nice young man")))
    assert "Not assigned" in text_of(page)
    assert came_in(nord) == (0, 0)

    wrong = press(operator_client, page, "Book for this invoice", {"number": "NORD-DE-2026-00099"})
    assert "There is no invoice with this number in this currency." in text_of(wrong)
    right = press(operator_client, wrong, "Book for this invoice", {"number": bill.number.lower()})

    assert "The payment is booked." in text_of(right)
    assert is_paid(nord, order)
    assert came_in(nord) == (4_900, -4_900)
    paid = BankPayment.objects.get()
    assert (paid.state, paid.number, paid.settled_by) == (InState.PAID, bill.number, "olga@quartett.example")


def test_what_is_no_customers_payment_is_set_aside_with_a_reason(operator_client: Client, nord: Tenant) -> None:
    name_sellers(nord)
    page = upload(operator_client, camt(In(700, words="Interest", payer="")))

    without = press(operator_client, page, "Set aside", {"why": ""})
    assert "Please say why." in text_of(without)
    press(operator_client, without, "Set aside", {"why": "Interest of the bank"})

    aside = BankPayment.objects.get()
    assert (aside.state, aside.note) == (InState.UNKNOWN, "Interest of the bank")
    assert aside.settled_at is not None
    found = operator_client.get(f"{BANK}payments/csv/?q=interest").content.decode()
    assert [row["note"] for row in csv.DictReader(found.splitlines())] == ["Interest of the bank"]
    assert "Interest of the bank" in text_of(operator_client.get(f"{BANK}payments/?state=unknown"))


def test_another_currency_or_a_wrong_digit_pays_nothing(operator_client: Client, nord: Tenant, bill: Bill) -> None:
    upload(operator_client, camt(In(4_900, reference=bill.reference), iban=IBANS["CH"], currency="CHF"))
    upload(operator_client, camt(In(4_900, reference=bill.reference[:-1] + "0")))

    assert set(BankPayment.objects.values_list("state", flat=True)) == {"unknown"}
    assert came_in(nord) == (0, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (camt(In(4_900))[:400], "This file is damaged or cut off."),
        (camt(In(4_900, words="Müller")).decode().encode("latin-1"), "This file is damaged or cut off."),
        (b"%PDF-1.7", "Please choose one of them at the bank."),
        (mt940(In(4_900))[:160], "This file is damaged or cut off."),
        (mt940(In(4_900, words="Müller")).decode().encode("utf-16"), "This file is damaged or cut off."),
        (mt940(In(4_900), closing=1), "do not add up to its closing balance"),
        (mt940(In(4_900), account="12030000/0000202051"), "This statement is of another account"),
        (camt(In(4_900), closing=1), "do not add up to its closing balance"),
        (camt(In(4_900), iban="DE02120300000000202051"), "This statement is of another account"),
        (b"", "Please choose a file."),
    ],
    ids=[
        *("cut off", "wrong encoding", "PDF", "MT940 cut off", "MT940 in a wrong encoding", "MT940 incomplete"),
        *("MT940 of another bank", "incomplete", "other bank", "empty"),
    ],
)
def test_a_bad_file_is_refused_whole_and_says_why(
    operator_client: Client, nord: Tenant, bill: Bill, content: bytes, words: str
) -> None:
    page = upload(operator_client, content)

    assert page.status_code == 422
    assert words in text_of(page)
    assert_valid_html(page)
    assert not BankPayment.objects.exists()
    assert came_in(nord) == (0, 0)


@pytest.mark.parametrize("account", [IBANS["DE"], "37040044/0532013000"], ids=["IBAN", "bank code and account"])
def test_mt940_is_read_as_well_and_booked_once_in_both_formats(
    operator_client: Client, nord: Tenant, order: Order, bill: Bill, account: str
) -> None:
    said = In(4_900, reference=bill.reference)
    message = mt940(said, account=account, paid_out=1_000)

    assert "Payments in this file: 1 new, 0 already known." in text_of(upload(operator_client, message))
    assert is_paid(nord, order)
    assert came_in(nord) == (4_900, -4_900)
    kept = BankPayment.objects.get()
    assert (kept.kind, kept.iban, kept.payer, kept.booked_on) == (
        "mt940",
        IBANS["DE"],
        "Ada Lovelace",
        date(2026, 11, 24),
    )

    for again in (message, camt(said, paid_out=1_000)):
        assert "Payments in this file: 0 new, 1 already known." in text_of(upload(operator_client, again))
    assert came_in(nord) == (4_900, -4_900)


def test_the_banks_own_reference_tells_the_same_payment_in_both_formats(operator_client: Client, nord: Tenant) -> None:
    name_sellers(nord)
    upload(operator_client, camt(In(4_900, words="Thanks", bank_reference="B-77")))

    page = upload(operator_client, mt940(In(4_900, words="Many thanks", bank_reference="B-77")))

    assert "Payments in this file: 0 new, 1 already known." in text_of(page)


def test_two_alike_are_two_in_either_format(operator_client: Client, nord: Tenant) -> None:
    name_sellers(nord)
    alike = [In(700, words="Rent"), In(700, words="Rent")]

    for file in (camt(*alike), mt940(*alike), camt(*alike, In(700, words="Rent"))):
        upload(operator_client, file)

    assert BankPayment.objects.count() == 3


def test_umlauts_of_old_files_are_read(operator_client: Client, nord: Tenant) -> None:
    name_sellers(nord)

    upload(operator_client, mt940(In(700, words="Grüße", payer="Jürgen Groß")).decode().encode("cp1252"))

    assert list(BankPayment.objects.values_list("words", "payer")) == [("Grüße", "Jürgen Groß")]


def test_in_closed_books_it_counts_for_the_first_open_day(nord: Tenant, bill: Bill) -> None:
    close_period(through=date(2026, 11, 20), who="Olga", today=date(2026, 11, 24), now=now())

    take_bank_file(camt(In(4_900, reference=bill.reference, day="2026-11-18")), file_name="x", who="Olga", now=now())

    assert Transaction.objects.get(event="invoice_paid").booked_on == date(2026, 11, 21)


def test_managers_and_strangers_are_not_let_in(nord: Tenant, manager_client: Client) -> None:
    stranger = Client(headers={"host": "app.localhost"})

    assert stranger.get(BANK).status_code == 302
    assert manager_client.get(BANK).status_code == 404


def test_statements_are_compared_with_the_books_and_listed(operator_client: Client, bill: Bill) -> None:
    take_bank_file(camt(In(4_900, reference=bill.reference)), file_name="one.xml", who="Olga", now=now())
    assert reconcile_now(who="Olga", now=now()) == 0

    stranger = In(700, payer="Charles", bank_reference="X", day="2026-11-25")
    later = camt(stranger, paid_out=300).decode().replace("<Dt><Dt>2026-11-24", "<Dt><Dt>2026-11-25")
    take_bank_file(later.encode(), file_name="two.xml", who="Olga", now=now())
    assert reconcile_now(who="Olga", now=now()) == 3

    found = {one.kind: (one.amount_minor, one.since) for one in Difference.objects.all()}
    assert found == {
        "gap": (-4_900, date(2026, 11, 24)),
        "not_booked": (700, date(2026, 11, 25)),
        "balance": (-300 - 4_900, date(2026, 11, 25)),
    }
    page = press(operator_client, operator_client.get(BANK), "Bank statements")
    assert "two.xml" in page.text
    assert "one.xml" not in operator_client.get(f"{BANK}statements/?q=two").text
    assert "opening_minor" in press(operator_client, page, "Download as CSV").text
