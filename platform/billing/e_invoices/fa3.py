"""Bills as Poland's KSeF takes them: FA(3), by ksef-client, which has the ministry's schema."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ksef_client.documents.fa3 import Address, Party, PartyIdentifier, TaxCategory
from ksef_client.documents.fa3.builders import BaseFA3Builder, BasicInvoiceBuilder, CorrectionInvoiceBuilder
from ksef_client.documents.fa3.domain import InvoiceLine

from billing.e_invoices.amounts import major, net_lines, percent
from billing.e_invoices.wanted import vat_id_of
from billing.kinds import BillKind, VatMode
from billing.models import Bill
from kernel.typed.vat_ids import home_of_vat_id

# What the ministry's form calls them; its readers are Polish, whatever the customer speaks.
UNIT = "usł."
EXEMPT_BY = "art. 113 ust. 1 ustawy o VAT"
CANCELLED = "Anulowanie w całości"


def fa3(bill: Bill) -> bytes:
    """Return a bill as FA(3), valid by the official schema.

    Raises an exception where the schema, or the sums, refuse it.
    """
    builder = _credit_note(bill) if bill.kind == BillKind.CREDIT_NOTE else _invoice(bill)
    builder.issued_on(bill.issued_on)
    builder.sale_date(bill.supplied_on)
    builder.issue_place(bill.seller["town"])
    builder.currency(bill.currency)
    builder.seller(_party(bill.seller, bill.seller["name"], vat_id_of(bill.seller)))
    builder.buyer(_party(bill.buyer, bill.buyer["company"], bill.buyer["vat_id"]))
    if bill.vat_mode == VatMode.SMALL_BUSINESS:
        builder.exemption(EXEMPT_BY)
    if bill.vat_mode == VatMode.REVERSE_CHARGE:
        builder.reverse_charge()
    content: bytes = builder.to_xml(xsd_validate=True)
    return content


def _invoice(bill: Bill) -> BaseFA3Builder:
    builder = BasicInvoiceBuilder(invoice_number=bill.number)
    for line in _lines(bill):
        builder.add_service_line(**line)
    if bill.due_on:
        builder.payment_due(bill.due_on)
    if bill.due_on and bill.seller["iban"]:
        builder.bank_account(bill.seller["iban"])
    if bill.paid_on:
        builder.paid(bill.paid_on)
    return builder


def _credit_note(bill: Bill) -> BaseFA3Builder:
    """Return a correction that leaves nothing of the bill that it takes back."""
    builder = CorrectionInvoiceBuilder(invoice_number=bill.number)
    if bill.cancels:
        builder.corrects_invoice(number=bill.cancels.number, issue_date=bill.cancels.issued_on, reason=CANCELLED)
    for line in _lines(bill):
        nothing = line | dict.fromkeys(("unit_net_price", "net_amount", "vat_amount", "gross_amount"), Decimal("0.00"))
        builder.add_corrected_line_before_after(
            before=InvoiceLine.corrected_before(**line), after=InvoiceLine.corrected_after(**nothing)
        )
    return builder


def _lines(bill: Bill) -> list[dict[str, Any]]:
    """Return the lines, with the figures of the bill: KSeF adds them up again."""
    lines = []
    for given, (text, net) in zip(bill.lines, net_lines(bill), strict=True):
        gross = given["gross_minor"]
        amounts = {"net_amount": net, "vat_amount": gross - net, "gross_amount": gross, "unit_net_price": net}
        written = {name: Decimal(major(minor)) for name, minor in amounts.items()}
        lines.append({"description": text, "quantity": Decimal(1), "unit": UNIT, "tax": _tax(bill), **written})
    return lines


def _tax(bill: Bill) -> TaxCategory:
    match bill.vat_mode:
        case VatMode.SMALL_BUSINESS:
            return TaxCategory.exempt(EXEMPT_BY)
        case VatMode.REVERSE_CHARGE:
            return TaxCategory.service_article_100()
    return TaxCategory.from_vat_rate(percent(bill.vat_bp))


def _party(party: Mapping[str, Any], name: str, vat_id: str) -> Party:
    address = Address(party["street"], party["country"], f"{party['postal_code']} {party['town']}")
    return Party(name=name, identifier=_identifier(vat_id), address=address)


def _identifier(vat_id: str) -> PartyIdentifier:
    home = home_of_vat_id(vat_id)
    if not vat_id:
        return PartyIdentifier.none()
    if home in {"", "PL"}:
        return PartyIdentifier.polish_nip(vat_id.removeprefix("PL"))
    if home == "CH":
        return PartyIdentifier.foreign(vat_id, country_code=home)
    return PartyIdentifier.eu_vat(vat_id[:2], vat_id[2:])
