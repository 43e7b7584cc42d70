"""A partner's system reads the invoices, receipts and credit notes of an order."""

import pytest

from billing.models import Bill
from developers.kinds import Scope
from orders.models import Order
from tenants.models import Tenant
from tests.api.calls import Shop, problem_of, token_for
from tests.cast import deliver


@pytest.fixture
def shop(nord: Tenant) -> Shop:
    """Return Nord's shop, with a key that may read and write orders."""
    return Shop(token_for(nord, Scope.ORDERS_READ, Scope.ORDERS_WRITE))


def test_an_invoice_is_listed_and_read_as_pdf(shop: Shop, order: Order, bill: Bill) -> None:
    deliver()

    [document] = shop.get(f"orders/{order.uuid}/documents").json()["results"]

    assert (document["number"], document["kind"]) == (bill.number, "invoice")
    assert document["gross"] == {"amount_minor": 4900, "currency": "EUR"}
    assert (document["cancels"], document["xml_url"]) == (None, None)
    pdf = shop.client.get(document["pdf_url"], headers={"accept": "application/pdf"})
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Cache-Control"] == "no-store"
    problem_of(shop.client.get(document["pdf_url"].replace("/pdf", "/xml")), 404, "not_found")


def test_another_orders_document_is_not_found_in_an_order(
    shop: Shop, nord: Tenant, sued: Tenant, order: Order, bill: Bill
) -> None:
    path = f"orders/{order.uuid}/documents/{bill.uuid}/pdf"
    stranger = Shop(token_for(sued), host="sued.localhost")

    problem_of(stranger.get(path), 404, "not_found")
    problem_of(shop.get(f"orders/{bill.uuid}/documents"), 404, "not_found")
    problem_of(shop.get(f"orders/{order.uuid}/documents/{order.uuid}/pdf"), 404, "not_found")


def test_who_only_reads_orders_sees_documents_and_not_whom_they_name(nord: Tenant, order: Order, bill: Bill) -> None:
    deliver()
    reader = Shop(token_for(nord, Scope.ORDERS_READ))

    [document] = reader.get(f"orders/{order.uuid}/documents").json()["results"]

    for end in ("pdf", "xml"):
        refused = reader.client.get(document["pdf_url"].replace("/pdf", f"/{end}"))
        assert problem_of(refused, 403, "scope_missing")["scope"] == "orders:write"
