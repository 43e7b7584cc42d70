"""Packages that the partner pays, and its invoice of the month (R19): booked, billed once, paid by bank file."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from bank.errors import AlreadySettled
from bank.models import BankPayment
from billing.methods import PaymentState
from billing.models import Bill, Payment
from catalog.models import Package
from crowd.models import Friend
from dues.models import BilledEntry, InvoiceYear, PartnerInvoice
from dues.services import keep_drawing
from journeys.links import order_token
from journeys.money.incoming.bank_files import assign_payment, refund_overpaid, take_bank_file
from journeys.money.incoming.bill_partner import bill_partner, bill_partners
from journeys.order.working.extra_work import accept_extra, propose_extra
from kernel.clock import now
from ledger import chart
from ledger.selectors import balance_of
from orders.models import Order
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, sign_in_staff
from tests.money.held import assert_balance, earned_by, events_of, held_of
from tests.money.statements import In, camt
from tests.money.stories import close, confirm
from tests.overflow import bring_on_site
from tests.pages import EARLY_START, fill_in, start_booking, text_of

IBAN = "DE89370400440532013000"


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture(autouse=True)
def accounts(settings: Settings) -> None:
    settings.PAYOUT_ACCOUNTS = {"EUR": f"{IBAN}/COBADEFFXXX"}


@pytest.fixture
def paid_by_nord(nord: Tenant) -> Tenant:
    with tenant_context(nord):
        Package.objects.update(is_paid_by_partner=True)
    return nord


def done(tenant: Tenant, friend: Friend, **steps: dict) -> Order:
    order = book(tenant, **steps)
    bring_on_site(order, friend)
    close(order, friend)
    confirm(tenant, order)
    with tenant_context(tenant):
        return Order.objects.get(pk=order.pk)


def on_the_first(clock: Coordinates) -> None:
    clock.move_to(datetime(2026, 12, 1, 6, tzinfo=UTC))


def test_the_customer_pays_nothing_and_everybody_else_gets_theirs(paid_by_nord: Tenant, ben: Friend) -> None:
    order = done(paid_by_nord, ben, payment={})

    assert (order.payment_method, order.due_minor, order.covered_minor) == ("partner", 0, 4_900)
    assert earned_by(ben, order) == 4_165
    assert events_of(order) == ["job_done", "commission_taken", "paid_by_partner"]
    held = held_of(order)
    assert held.get("customer", 0) == 0
    assert held["partner"] == -4_900
    with tenant_context(paid_by_nord):
        payment = Payment.objects.get(order=order)
        assert (payment.state, payment.amount_minor) == (PaymentState.NOTHING_DUE, 0)
        assert not Bill.objects.exists()


def test_the_booking_has_no_step_for_the_payment_and_says_who_pays(
    paid_by_nord: Tenant, ben: Friend, visitor: Client
) -> None:
    assert "Nord pays this for you. You pay nothing." in text_of(visitor.get("/en/packages/wifi-setup/"))
    draft = start_booking(visitor)
    fill_in(visitor, draft, but="payment")
    assert visitor.get(f"{draft}payment/")["Location"].endswith("/review/")
    page = visitor.get(f"{draft}review/")
    assert "Paid by Nord − €49.00 You pay €0.00" in text_of(page)
    placed = visitor.post(f"{draft}review/", EARLY_START, follow=True)
    assert placed.status_code == 200
    with tenant_context(paid_by_nord):
        order = Order.objects.get()
        path = f"/en/orders/{order_token(order.uuid)}/"
    assert "Payment Paid by Nord" in text_of(visitor.get(path))
    (mail,) = [one for one in deliver() if one.to == [order.email]]
    assert "Paid by Nord" in mail.body


def test_what_the_customer_agrees_to_on_top_they_pay_by_invoice(paid_by_nord: Tenant, ben: Friend) -> None:
    order = book(paid_by_nord, payment={})
    bring_on_site(order, ben)
    extra = propose_extra(
        job_id=order.placed_job_id, friend_id=ben.pk, words="A cable", minutes=10, change_minor=1_500, now=now()
    )
    with tenant_context(paid_by_nord):
        accept_extra(order=order, extra_id=extra.pk, now=now())
    close(order, ben)
    confirm(paid_by_nord, order)

    with tenant_context(paid_by_nord):
        fresh = Order.objects.get()
        (bill,) = Bill.objects.all()
    assert (fresh.due_minor, fresh.payment_method, bill.gross_minor) == (1_500, "invoice", 1_500)
    assert [line["gross_minor"] for line in bill.lines] == [4_900, 1_500, -4_900]
    assert held_of(fresh)["customer"] == 1_500
    assert held_of(fresh)["partner"] == -4_900


def test_a_month_is_billed_once_job_by_job_and_paid_by_its_reference(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    orders = [done(paid_by_nord, ben, payment={}), done(paid_by_nord, ben, payment={})]
    with platform_context():
        assert bill_partners(now=now()) == 0, "the month is not over"
    on_the_first(clock)
    with platform_context():
        assert bill_partners(now=now()) == 1
        assert bill_partners(now=now()) == 0
        invoice = PartnerInvoice.objects.get()

    assert (invoice.number, invoice.gross_minor, invoice.month.isoformat()) == ("QP-2026-00001", 9_800, "2026-11-01")
    assert [line["order"] for line in invoice.lines] == [order.number for order in orders]
    assert {(line["town"], line["price_minor"], line["kind"]) for line in invoice.lines} == {
        ("Berlin", 4_900, "package")
    }
    assert invoice.vat_minor == 2 * orders[0].vat_minor
    told = [mail for mail in deliver() if mail.to == ["manager@nord.example"] and "QP-2026-00001" in mail.subject]
    assert [name for name, _content, _kind in told[0].attachments] == ["QP-2026-00001.pdf"]

    with platform_context():
        file = camt(In(9_800, reference=invoice.reference), iban=IBAN)
        take_bank_file(file, file_name="a.xml", who="olga", now=now())
        take_bank_file(file, file_name="a.xml", who="olga", now=now())
        invoice.refresh_from_db()
        assert (invoice.received_minor, bool(invoice.paid_at)) == (9_800, True)
        assert balance_of(chart.partner(paid_by_nord.pk), "EUR") == 0
    assert_balance()


def test_a_part_waits_for_the_rest_and_more_is_sent_back(paid_by_nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    done(paid_by_nord, ben, payment={})
    on_the_first(clock)
    with platform_context():
        (invoice,) = bill_partner(paid_by_nord, now=now())
        files = [
            camt(In(900, reference=invoice.reference, bank_reference="one"), iban=IBAN),
            camt(In(4_500, words="no number", bank_reference="two"), iban=IBAN),
        ]
        for file in files:
            take_bank_file(file, file_name="a.xml", who="olga", now=now())
        part, unknown = BankPayment.objects.order_by("amount_minor")
        assert (part.state, part.partner_invoice_id, unknown.state) == ("partial", invoice.pk, "unknown")

        over = assign_payment(payment_id=unknown.pk, number=invoice.number, who="olga", now=now())

        assert (over.state, over.over_minor) == ("over", 500)
        assert BankPayment.objects.get(pk=part.pk).settled_at
        invoice.refresh_from_db()
        assert invoice.left_minor == 0
        assert balance_of(chart.partner(paid_by_nord.pk), "EUR") == 500

        refund_overpaid(payment_id=over.pk, who="olga", now=now())
        with pytest.raises(AlreadySettled):
            refund_overpaid(payment_id=over.pk, who="olga", now=now())
        invoice.refresh_from_db()
        assert (invoice.received_minor, invoice.left_minor) == (4_900, 0)
        assert balance_of(chart.partner(paid_by_nord.pk), "EUR") == 0


def test_an_entry_is_on_one_invoice_and_an_invoice_stays_as_it_is(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    done(paid_by_nord, ben, payment={})
    on_the_first(clock)
    with platform_context():
        (invoice,) = bill_partner(paid_by_nord, now=now())
        entry = BilledEntry.objects.get().entry
        with pytest.raises(IntegrityError, match="dues_billedentry"), transaction.atomic():
            BilledEntry.objects.create(invoice=invoice, entry=entry)
        for change in ("gross_minor = gross_minor + 1, net_minor = net_minor + 1", "number = 'QP-2026-00009'"):
            with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
                connection.cursor().execute(f"UPDATE dues_partnerinvoice SET {change}")
        assert keep_drawing(invoice.pk) == keep_drawing(invoice.pk)


def test_what_the_database_refuses_for_another_reason_is_not_passed_over(
    paid_by_nord: Tenant, sued: Tenant, ben: Friend, clock: Coordinates
) -> None:
    done(paid_by_nord, ben, payment={})
    on_the_first(clock)
    with platform_context():
        InvoiceYear.objects.create(year=2025, last=1)
        PartnerInvoice.objects.create(
            tenant_id=sued.pk, month=now().date(), currency="EUR", year_id=2025, place=1, number="QP-2026-00001",
            issued_at=now(), issued_on=now().date(), due_on=now().date(), issuer={}, buyer={}, language="en", lines=[],
            net_minor=1, vat_minor=0, gross_minor=1,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="number"):
            bill_partner(paid_by_nord, now=now())
        assert not BilledEntry.objects.exists()


def test_what_a_month_lacks_comes_with_the_next_one(paid_by_nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    done(paid_by_nord, ben, payment={})
    on_the_first(clock)
    with platform_context():
        bill_partners(now=now())
    late = done(paid_by_nord, ben, payment={})
    clock.shift(timedelta(days=31))
    with platform_context():
        assert bill_partners(now=now()) == 1
        second = PartnerInvoice.objects.get(number="QP-2027-00001")
    assert [line["order"] for line in second.lines] == [late.number]
    assert second.month.isoformat() == "2026-12-01"


def test_managers_and_operators_read_the_invoices_and_nobody_else(
    paid_by_nord: Tenant, sued: Tenant, ben: Friend, clock: Coordinates, operator_client: Client
) -> None:
    done(paid_by_nord, ben, payment={})
    on_the_first(clock)
    with platform_context():
        (invoice,) = bill_partner(paid_by_nord, now=now())
    manager = Client(headers={"host": "nord.localhost"})
    sign_in_staff(manager, "manager@nord.example")
    page = manager.get("/admin/reports/invoices/")
    assert "QP-2026-00001" in text_of(page)
    assert manager.get(f"/admin/reports/invoices/{invoice.pk}/")["Content-Type"] == "application/pdf"
    listed = operator_client.get("/en/operators/bank/partner-invoices/")
    assert "QP-2026-00001" in text_of(listed)
    assert b"QP-2026-00001" in operator_client.get("/en/operators/bank/partner-invoices/csv/").content
    assert operator_client.get(f"/en/operators/bank/partner-invoices/{invoice.pk}/").status_code == 200
