"""Bills of orders: when they come, what stands on them, who sees them, and that nobody changes them."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from billing.errors import DrawingChanged
from billing.kinds import BillKind
from billing.models import Bill, BillSeries
from billing.selectors import bills_of, read_drawing
from billing.services import keep_bills
from journeys.links import order_url
from journeys.order.working.complete_job import confirm_completion
from journeys.order.working.not_done import say_not_done, settle_objection
from kernel.clock import now
from orders.models import Order
from orders.states import ObjectionOutcome, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.billing.papers import codes_of, text_of
from tests.billing.sellers import name_sellers, seller
from tests.cast import Cast, book, deliver
from tests.money.stories import agreed_price
from tests.ratings import finish


@pytest.fixture
def sells(nord: Tenant) -> Tenant:
    """Return Nord, which says who sells in each country."""
    return name_sellers(nord)


@pytest.fixture
def by_invoice(sells: Tenant, four_near: Cast) -> Order:
    """Return an order to be paid by invoice, whose work is confirmed."""
    order = finish(book(sells, payment={"method": "invoice"}), four_near["Ben"])
    confirm(sells, order)
    return order


def confirm(tenant: Tenant, order: Order) -> None:
    """Let the customer confirm."""
    with tenant_context(tenant):
        confirm_completion(order_uuid=order.uuid, tenant_id=tenant.pk, side=Side.CUSTOMER, now=now())


def papers_of(tenant: Tenant, order: Order) -> list[tuple[str, str, int]]:
    """Return kind, number and amount of an order's bills."""
    with tenant_context(tenant):
        return [(bill.kind, bill.number, bill.gross_minor) for bill in bills_of(order)]


def pdfs(mails: list[Any]) -> list[tuple[str, bytes]]:
    """Return the PDFs that came with mails, by name."""
    files = [file for mail in mails for file in mail.attachments if isinstance(file, tuple)]
    return [(name, content) for name, content, kind in files if kind == "application/pdf"]


def test_an_invoice_comes_by_mail_once_the_work_is_confirmed(sells: Tenant, four_near: Cast) -> None:
    order = finish(book(sells, payment={"method": "invoice"}), four_near["Ben"])
    assert pdfs(deliver()) == []

    confirm(sells, order)

    ((name, content),) = pdfs(deliver())
    assert name == "NORD-DE-2026-00001.pdf"
    text = text_of(content)
    assert [word for word in ("Invoice", "Ada Lovelace", "Wi-Fi set-up", "€49.00", "€7.82") if word not in text] == []
    assert "EUR49" in codes_of(content)[0]
    assert papers_of(sells, order) == [("invoice", "NORD-DE-2026-00001", 4900)]


def test_cash_gets_its_receipt_when_the_friend_reports_it_paid(sells: Tenant, four_near: Cast) -> None:
    order = finish(book(sells), four_near["Ben"])

    ((_name, content),) = pdfs(deliver())

    assert "Paid on 24 November 2026" in text_of(content)
    confirm(sells, order)
    assert papers_of(sells, order) == [("receipt", "NORD-DE-2026-00001", 4900)]


def test_a_refund_takes_the_receipt_back_with_a_credit_note(sells: Tenant, four_near: Cast) -> None:
    order = finish(book(sells), four_near["Ben"])
    with tenant_context(sells):
        say_not_done(order=order, tenant_id=sells.pk, words="It still drops out.", now=now())
        settle_objection(
            order=order,
            tenant_id=sells.pk,
            outcome=ObjectionOutcome.REFUND,
            words="You are right.",
            who="Maja",
            now=now(),
        )

    assert papers_of(sells, order) == [
        ("receipt", "NORD-DE-2026-00001", 4900),
        ("credit_note", "NORD-DE-2026-00002", 4900),
    ]
    assert "Cancels NORD-DE-2026-00001" in text_of(pdfs(deliver())[-1][1])


def test_another_price_takes_the_bill_back_and_issues_a_right_one(by_invoice: Order, sells: Tenant) -> None:
    with tenant_context(sells):
        agreed_price(by_invoice, 3900)
        Order.objects.filter(pk=by_invoice.pk).update(price_minor=3900, commission_minor=900, friend_minor=3000)
        keep_bills(order=by_invoice, tenant=sells, now=now())
        assert keep_bills(order=by_invoice, tenant=sells, now=now()) == []

    assert papers_of(sells, by_invoice) == [
        ("invoice", "NORD-DE-2026-00001", 4900),
        ("credit_note", "NORD-DE-2026-00002", 4900),
        ("invoice", "NORD-DE-2026-00003", 3900),
    ]


def test_a_bill_stays_as_it_was_when_seller_and_customer_change(by_invoice: Order, sells: Tenant) -> None:
    other = {"DE": seller("DE", name="Other GmbH", is_small_business=True)}
    change_settings(tenant=sells, who="Olga", now=now(), sellers=other)
    with tenant_context(sells):
        Order.objects.filter(pk=by_invoice.pk).update(name="Somebody else")

        (bill,) = bills_of(by_invoice)

    assert (bill.seller["name"], bill.buyer["name"], bill.vat_minor) == ("Nord Technik GmbH", "Ada Lovelace", 782)


@pytest.mark.parametrize(
    "change",
    [
        {"gross_minor": 1, "net_minor": 1, "vat_minor": 0},
        {"number": "NORD-DE-2026-00009"},
        {"seller": {}},
        {"buyer": {}},
        {"issued_on": "2026-01-01"},
        {"pdf": "bills/other.pdf", "pdf_sha256": "0" * 64},
    ],
)
def test_the_database_refuses_every_change_of_a_bill(by_invoice: Order, sells: Tenant, change: dict[str, Any]) -> None:
    deliver()
    with tenant_context(sells):
        bills = Bill.objects.filter(order=by_invoice)
        with pytest.raises(DatabaseError, match="a credit note takes it back"), transaction.atomic():
            bills.update(**change)
        with pytest.raises(DatabaseError, match="a credit note takes it back"), transaction.atomic():
            bills._raw_delete(bills.db)
        with pytest.raises(DatabaseError, match="rise one by one"), transaction.atomic():
            BillSeries.objects.update(last=7)


def test_the_pdf_is_kept_with_its_hash_and_read_as_it_was_drawn(by_invoice: Order, sells: Tenant) -> None:
    ((_name, mailed),) = pdfs(deliver())
    with tenant_context(sells):
        (bill,) = bills_of(by_invoice)
        assert read_drawing(bill) == mailed
        assert bill.pdf_sha256 == hashlib.sha256(mailed).hexdigest()

        Path(default_storage.path(bill.pdf.name)).write_bytes(mailed + b" ")
        with pytest.raises(DrawingChanged):
            read_drawing(bill)


def test_the_customer_finds_it_on_the_orders_page(by_invoice: Order, sells: Tenant, visitor: Client) -> None:
    with tenant_context(sells):
        page = order_url(sells, by_invoice.uuid, "en")
        (bill,) = bills_of(by_invoice)
        path = f"/bills/{bill.uuid}/"
    before = visitor.get(page).content.decode()
    assert "Invoice NORD-DE-2026-00001" in before
    assert path not in before
    ((_name, mailed),) = pdfs(deliver())

    after = visitor.get(page).content.decode()

    link = after.split(path)[0].rpartition('"')[2] + path
    assert visitor.get(link).content == mailed


def test_a_page_that_waits_for_the_pdf_hears_of_it(by_invoice: Order, sells: Tenant, visitor: Client) -> None:
    with tenant_context(sells):
        page = order_url(sells, by_invoice.uuid, "en")
    since = visitor.get(page).context["version"]
    live = {"HX-Request": "true", "host": "nord.localhost"}
    assert visitor.get(page, {"since": since}, headers=live).status_code == 204

    deliver()

    assert visitor.get(page, {"since": since}, headers=live).status_code == 200


def test_the_manager_opens_it_from_the_order(by_invoice: Order, sells: Tenant, manager_client: Client) -> None:
    ((_name, mailed),) = pdfs(deliver())
    page = manager_client.get(reverse("orders:inspect", args=[by_invoice.pk])).content.decode()
    with tenant_context(sells):
        (bill,) = bills_of(by_invoice)
    path = f"/bills/{bill.uuid}/"

    link = page.split(path)[0].rpartition('"')[2] + path

    assert manager_client.get(link).content == mailed


def test_nobody_reads_the_bill_of_another_order_or_partner(
    by_invoice: Order, sells: Tenant, sued: Tenant, four_near: Cast, visitor: Client
) -> None:
    deliver()
    with tenant_context(sells):
        (bill,) = bills_of(by_invoice)
        name, own = bill.pdf.name, order_url(sells, by_invoice.uuid, "en")
        other = order_url(sells, book(sells).uuid, "en")

    assert visitor.get(f"{own}bills/{bill.uuid}/").status_code == 200
    assert visitor.get(f"{other}bills/{bill.uuid}/").status_code == 404
    stranger = Client(headers={"host": "sued.localhost"})
    assert stranger.get(f"{own}bills/{bill.uuid}/").status_code == 404
    assert visitor.get(f"/media/{name}").status_code in {403, 404}
    with tenant_context(sued):
        assert not Bill.objects.exists()
        assert not default_storage.exists(name)


def test_a_mail_server_that_is_away_costs_no_second_drawing(
    by_invoice: Order, sells: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_mail: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("notices.order.bills.send_mail", refuse)
    assert pdfs(deliver()) == []

    with tenant_context(sells):
        (bill,) = bills_of(by_invoice)
    assert bill.kind == BillKind.INVOICE
    assert bill.pdf
