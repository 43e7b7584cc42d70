"""Bills by EN 16931, written as UN/CEFACT's Cross Industry Invoice (library factur-x, which has the schema).

Its keys are the business terms of the norm: BT-1 is the number of an invoice, BG-4 the group about its seller.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from facturx import generate_cii_xml

from billing.e_invoices.amounts import major, net_lines, percent
from billing.e_invoices.wanted import vat_id_of
from billing.exemptions import exemption_of
from billing.kinds import BillKind, VatMode
from billing.methods import CARD, CASH, INVOICE, LOCAL, SITE_CARD
from billing.models import Bill
from tenants.settings.contacts import Contact

INVOICE_TYPE, CREDIT_NOTE_TYPE = "380", "381"
# Units of UN/ECE recommendation 20: one.
ONE = "C62"
# How VAT stands on a line, by UNTDID 5305, and why, by the list of exemption reasons.
CATEGORIES = {VatMode.STANDARD: "S", VatMode.SMALL_BUSINESS: "E", VatMode.REVERSE_CHARGE: "AE"}
REVERSE_CHARGE_CODE = "VATEX-EU-AE"
# How it is paid, by UNTDID 4461; one that it does not know is "not defined". A card is paid on a provider's page (68):
# where 48 stands, XRechnung wants the card's number (BR-DE-24), which nobody here has.
MEANS = {INVOICE.code: "58", CASH.code: "10"} | {one.code: "68" for one in (CARD, SITE_CARD, *LOCAL)}
NOT_DEFINED = "1"

EN_16931 = b">urn:cen.eu:en16931:2017<"
X_RECHNUNG = b">urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0<"
PEPPOL_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
BY_EMAIL = "EM"


def factur_x(bill: Bill) -> bytes:
    """Return what lies inside the PDF of a bill; in its language, for the reasons and notes that people read.

    Raises an exception where the official schema refuses it.
    """
    return _written(_terms(bill))


def x_rechnung(bill: Bill, *, contact: Contact) -> bytes:
    """Return a bill as a German authority takes it; ``contact`` is who answers its questions.

    Raises an exception where the official schema refuses it.
    """
    terms = _terms(bill)
    terms |= {"BT-10": bill.buyer["leitweg_id"], "BT-23": PEPPOL_BILLING}
    asked = {"name": bill.seller["name"], "phone": contact.phone, "email": contact.email}
    terms["BG-4"] |= _reached_at(contact.email) | {"contacts": [asked]}
    terms["BG-7"] |= _reached_at(bill.order.email)
    return _written(terms).replace(EN_16931, X_RECHNUNG)


def _written(terms: dict[str, Any]) -> bytes:
    content: bytes = generate_cii_xml(terms, level="en16931", check_xsd=True, check_schematron=False)
    return content


def _terms(bill: Bill) -> dict[str, Any]:
    is_paid, is_credit = bill.kind == BillKind.RECEIPT, bill.kind == BillKind.CREDIT_NOTE
    gross = major(bill.gross_minor)
    category, rate = CATEGORIES[VatMode(bill.vat_mode)], percent(bill.vat_bp)
    terms: dict[str, Any] = {
        "BT-1": bill.number,
        "BT-2": bill.issued_on,
        "BT-3": CREDIT_NOTE_TYPE if is_credit else INVOICE_TYPE,
        "BT-5": bill.currency,
        "BT-14": bill.order.number,
        "BT-72": bill.supplied_on,
        "BG-4": _seller(bill.seller),
        "BG-7": _buyer(bill.buyer),
        "BG-23": [
            {"BT-116": major(bill.net_minor), "BT-117": major(bill.vat_minor), "BT-118": category, "BT-119": rate}
        ],
        "BG-25": [
            {
                "BT-126": str(place),
                "BT-129": "1",
                "BT-130": ONE,
                "BT-131": major(net),
                "BT-146": major(net),
                "BT-151": category,
                "BT-152": rate,
                "BT-153": text,
            }
            for place, (text, net) in enumerate(net_lines(bill), start=1)
        ],
        "BT-106": major(bill.net_minor),
        "BT-109": major(bill.net_minor),
        "BT-110": major(bill.vat_minor),
        "BT-112": gross,
        "BT-115": major(0) if is_paid else gross,
    } | _payment(bill)
    if is_paid:
        terms["BT-113"] = gross
    if is_credit and bill.cancels:
        terms["BG-3"] = [{"BT-25": bill.cancels.number, "BT-26": bill.cancels.issued_on}]
        terms["BT-20"] = _("This amount is no longer owed. If you have paid it already, you will get it back.")
    if bill.due_on:
        terms["BT-9"] = bill.due_on
    if reason := exemption_of(bill):
        terms["BG-23"][0]["BT-120"] = reason
    if bill.vat_mode == VatMode.REVERSE_CHARGE:
        terms["BG-23"][0]["BT-121"] = REVERSE_CHARGE_CODE
    return terms


def _payment(bill: Bill) -> dict[str, str]:
    """Return how it is paid: to the seller's account, if it has one, where it is paid by invoice."""
    if bill.method != INVOICE.code:
        return {"BT-81": MEANS.get(bill.method, NOT_DEFINED)}
    if not bill.seller["iban"]:
        return {"BT-81": NOT_DEFINED}
    account = {"BT-81": MEANS[INVOICE.code], "BT-84": bill.seller["iban"], "BT-85": bill.payee["name"]}
    return account | ({"BT-83": bill.reference} if bill.reference else {})


def _seller(seller: Mapping[str, Any]) -> dict[str, Any]:
    return _address(seller) | {"name": seller["name"], "vat_identifier": vat_id_of(seller)}


def _buyer(buyer: Mapping[str, Any]) -> dict[str, Any]:
    company = _address(buyer) | {"name": buyer["company"], "contacts": [{"name": buyer["name"]}]}
    return company | ({"vat_identifier": buyer["vat_id"]} if buyer["vat_id"] else {})


def _address(party: Mapping[str, Any]) -> dict[str, str]:
    return {
        "addr_l1": party["street"],
        "postcode": party["postal_code"],
        "city": party["town"],
        "country_code": party["country"],
    }


def _reached_at(email: str) -> dict[str, str]:
    return {"einvoicing_addr": email, "einvoicing_addr_schemeid": BY_EMAIL}
