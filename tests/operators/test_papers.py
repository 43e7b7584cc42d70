"""Operators open the papers of an order from the lists, and each time is written down where the partner's data is."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Kind, User
from billing.models import Bill, BillDownload
from billing.selectors import bills_of, read_drawing
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.billing.sellers import name_sellers
from tests.billing.test_bills import confirm
from tests.cast import ADA, PASSWORD, Cast, book, deliver
from tests.pages import assert_valid_html
from tests.ratings import finish

COMPANY = {"company": "Muster GmbH", "vat_id": "DE136695976", "leitweg_id": "04011000-12345-03"}


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order of an authority, whose invoice is drawn, with its file for machines."""
    name_sellers(change_settings(tenant=nord, who="Olga", now=now(), phone="+49 30 1234567"))
    billed = finish(book(nord, payment={"method": "invoice"}, contact=ADA | COMPANY), four_near["Ben"], is_paid=False)
    confirm(nord, billed)
    deliver()
    return billed


def bill_of(tenant: Tenant, order: Order) -> Bill:
    """Return the only bill of an order."""
    with tenant_context(tenant):
        (bill,) = bills_of(order)
    return bill


def test_an_operator_opens_a_paper_from_the_list_of_invoices(
    nord: Tenant, order: Order, operator_client: Client
) -> None:
    bill = bill_of(nord, order)
    with tenant_context(nord):
        drawn = read_drawing(bill)
    claims = operator_client.get("/en/operators/bank/invoices/").content.decode()
    found = re.search(rf'href="([^"]*)">{bill.number}', claims)
    assert found
    page = operator_client.get(found[1])
    assert_valid_html(page)

    for file, kind in (("", "application/pdf"), ("xml/", "application/xml")):
        action = f"/en/operators/payments/papers/{nord.pk}/{order.uuid}/{bill.uuid}/{file}"
        assert f'action="{action}"' in page.content.decode()
        answer = operator_client.post(action)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert operator_client.get(action).status_code == 405
        assert (answer.content == drawn) == (file == "")

    with tenant_context(nord):
        assert list(BillDownload.objects.order_by("pk").values_list("bill", "who", "is_xml")) == [
            (bill.pk, "olga@quartett.example", False),
            (bill.pk, "olga@quartett.example", True),
        ]
    page = operator_client.get(found[1])
    assert page.content.decode().count("olga@quartett.example · ") == 2
    assert_valid_html(page)


def test_what_is_not_there_is_not_found_and_not_written_down(
    nord: Tenant, sued: Tenant, order: Order, operator_client: Client, friend_client: Client
) -> None:
    bill = bill_of(nord, order)
    right = f"/en/operators/payments/papers/{nord.pk}/{order.uuid}/{bill.uuid}/"
    for path in (
        f"/en/operators/payments/papers/{sued.pk}/{order.uuid}/{bill.uuid}/",
        f"/en/operators/payments/papers/{nord.pk}/{uuid4()}/{bill.uuid}/",
        f"/en/operators/payments/papers/{nord.pk}/{order.uuid}/{uuid4()}/xml/",
        f"/en/operators/payments/papers/999999/{order.uuid}/{bill.uuid}/",
    ):
        assert operator_client.post(path).status_code == 404, path
    assert friend_client.post(right).status_code == 403

    with tenant_context(nord):
        assert not BillDownload.objects.exists()
