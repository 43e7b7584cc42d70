"""Bills of companies as machines read them: by the official schemas and rules, and the same as people read."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client
from facturx import get_facturx_xml_from_pdf
from ksef_client.documents.fa3 import validate_fa3_xml_xsd
from pypdf import PdfReader

from billing.drawing import draw, write_for_machines
from billing.e_invoices.cii import EN_16931, X_RECHNUNG
from billing.e_invoices.writing import embedded_in
from billing.kinds import BillKind
from billing.models import Bill
from billing.selectors import bills_of
from billing.services import keep_bills, keep_drawing
from journeys.links import order_url
from journeys.order.working.complete_job import confirm_completion
from kernel.clock import now
from orders.models import Order
from orders.states import Side
from tenants.context import current_tenant, tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.billing.papers import bill_in, metadata_of, text_of
from tests.billing.sellers import name_sellers
from tests.cast import ADA, Cast, book, deliver
from tests.ratings import finish

GERMAN = {"company": "Groß & Söhne GmbH", "vat_id": "DE136695976", "leitweg_id": ""}
AUSTRIAN = {"company": "Öttl KG", "vat_id": "ATU13585627", "leitweg_id": ""}
AUTHORITY = {"company": "Bezirksamt Mitte", "vat_id": "", "leitweg_id": "04011000-12345-03"}
POLISH = {"company": "Świątek Sp. z o.o.", "vat_id": "PL8567346215", "leitweg_id": ""}
TAGS = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "fa": "http://crd.gov.pl/wzor/2025/06/25/13775/",
}


@pytest.fixture
def inside(nord: Tenant) -> Any:
    """Run inside Nord, which can be reached by phone."""
    tenant = change_settings(tenant=nord, who="Olga", now=now(), phone="+49 30 1234567")
    with tenant_context(tenant):
        yield


def embedded(bill: Bill) -> bytes:
    """Return what lies in the PDF of a bill for machines, and nothing where nothing does. Inside a tenant."""
    tenant = current_tenant()
    assert tenant
    found = embedded_in(bill, tenant)
    return found.content if found else b""


def said(xml: bytes, *names: str) -> list[str]:
    """Return what the elements of these names hold, in their order."""
    root = ElementTree.fromstring(xml)
    return [found.text for name in names for found in root.iterfind(f".//{name}", TAGS)]


@pytest.mark.usefixtures("inside")
def test_the_official_rules_find_no_fault_and_find_a_wrong_sum(tmp_path: Path) -> None:
    bills = {
        "company": bill_in("DE", "de", company=GERMAN),
        "paid": bill_in("AT", "de", company=AUSTRIAN, kind=BillKind.RECEIPT),
        "across": bill_in("DE", "fr", company=AUSTRIAN),
        "small": bill_in("DE", "it", company=GERMAN, is_small_business=True),
        "credit": bill_in("DE", "en", company=GERMAN, kind=BillKind.CREDIT_NOTE),
        "card": bill_in("AT", "de", company=GERMAN, kind=BillKind.RECEIPT, method="card"),
        "no_account": bill_in("DE", "de", company=GERMAN, iban=""),
    }
    for name, bill in bills.items():
        (tmp_path / name).write_bytes(embedded(bill))
    wrong = (tmp_path / "company").read_bytes().replace(b"GrandTotalAmount>149.00<", b"GrandTotalAmount>148.00<")
    (tmp_path / "wrong").write_bytes(wrong)
    # Which of the norm's profiles it is, Factur-X's own rules alone say; all others are the norm's.
    authority = write_for_machines(bill_in("DE", "de", company=AUTHORITY)).replace(X_RECHNUNG, EN_16931)
    (tmp_path / "authority").write_bytes(authority)

    files = [str(path) for path in tmp_path.iterdir()]
    judged = subprocess.run([sys.executable, "-m", "tests.billing.schematron", *files], check=True, capture_output=True)
    faults = json.loads(judged.stdout)

    assert any("BR-CO-15" in fault for fault in faults.pop("wrong"))
    assert len(faults) == len(bills) + 1
    assert {name: broken for name, broken in faults.items() if broken} == {}


@pytest.mark.usefixtures("inside")
def test_the_file_in_the_pdf_says_what_the_pdf_says() -> None:
    pdf = draw(bill_in("DE", "de", company=AUSTRIAN))

    assert "/AF" in PdfReader(BytesIO(pdf)).root_object
    metadata = metadata_of(pdf)
    assert metadata.count("rdf:RDF>") == 1
    assert "ConformanceLevel>EN 16931<" in metadata
    assert 'pdfaid:part="3" pdfaid:conformance="B"' in metadata
    name, xml = get_facturx_xml_from_pdf(pdf)
    assert name == "factur-x.xml"
    assert said(xml, "ram:GrandTotalAmount", "ram:ExemptionReason", "ram:BuyerTradeParty/ram:Name") == [
        "149.00",
        "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
        "Öttl KG",
    ]
    assert "Öttl KG" in text_of(pdf)


@pytest.mark.usefixtures("inside")
def test_an_authority_gets_an_xrechnung_with_its_number() -> None:
    xml = write_for_machines(bill_in("DE", "de", company=AUTHORITY))

    assert b"urn:xeinkauf.de:kosit:xrechnung_3.0<" in xml
    assert said(xml, "ram:BuyerReference") == ["04011000-12345-03"]
    assert said(xml, "ram:SellerTradeParty//ram:CompleteNumber") == ["+49 30 1234567"]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("kind", "parts", "figures"),
    [
        (BillKind.INVOICE, {}, {"P_13_1": "121.14", "P_14_1": "27.86", "P_15": "149.00"}),
        (BillKind.RECEIPT, {"is_small_business": True}, {"P_13_7": "149.00", "P_15": "149.00"}),
        (BillKind.CREDIT_NOTE, {}, {"P_13_1": "-121.14", "P_14_1": "-27.86", "P_15": "-149.00"}),
    ],
)
def test_poland_gets_fa3_with_the_figures_of_the_bill(
    kind: BillKind, parts: dict[str, Any], figures: dict[str, str]
) -> None:
    xml = write_for_machines(bill_in("PL", "pl", company=POLISH, kind=kind, **parts))

    validate_fa3_xml_xsd(xml)
    assert {name: said(xml, f"fa:{name}") for name in figures} == {name: [value] for name, value in figures.items()}
    assert said(xml, "fa:Podmiot2//fa:NIP") == ["8567346215"]


@pytest.mark.usefixtures("inside")
def test_people_and_sellers_without_a_vat_number_have_a_pdf_alone() -> None:
    for bill in (bill_in("DE", "de"), bill_in("DE", "de", company=GERMAN, vat_id=""), bill_in("PL", "pl")):
        assert embedded(bill) == write_for_machines(bill) == b""


@pytest.fixture
def of_authority(nord: Tenant, four_near: Cast) -> Order:
    """Return the confirmed order of an authority that pays by invoice."""
    name_sellers(change_settings(tenant=nord, who="Olga", now=now(), phone="+49 30 1234567"))
    order = finish(book(nord, payment={"method": "invoice"}, contact=ADA | AUTHORITY), four_near["Ben"])
    with tenant_context(nord):
        confirm_completion(order_uuid=order.uuid, tenant_id=nord.pk, side=Side.CUSTOMER, now=now())
    return order


def test_it_comes_by_mail_and_stands_on_the_pages_of_customer_and_manager(
    of_authority: Order, nord: Tenant, visitor: Client, manager_client: Client
) -> None:
    mailed = {name: content for mail in deliver() for name, content, _kind in mail.attachments}

    with tenant_context(nord):
        (bill,) = bills_of(of_authority)
        page = order_url(nord, of_authority.uuid, "en")
    xml = mailed[f"{bill.number}.xml"]
    assert said(xml, "ram:BuyerReference") == ["04011000-12345-03"]
    for client, path in ((visitor, page), (manager_client, f"/admin/orders/inspect/{of_authority.pk}/")):
        html = client.get(path).content.decode()
        link = html.split(f"{bill.uuid}/xml/")[0].rpartition('"')[2] + f"{bill.uuid}/xml/"
        assert client.get(link).content == xml


def test_what_the_schema_refuses_is_not_kept_by_half(
    of_authority: Order, nord: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.e_invoices.cii.ONE", "one piece")
    monkeypatch.setattr("billing.e_invoices.cii.INVOICE_TYPE", "")
    with tenant_context(nord):
        (bill,) = bills_of(of_authority)
        with pytest.raises(Exception, match="BT-3"):
            keep_drawing(bill)

        bill.refresh_from_db()
        assert (bill.pdf, bill.xml) == ("", "")
        assert keep_bills(order=of_authority, tenant=nord, now=now()) == []
