"""Bills as PDF/A-3: one A4 page in the partner's brand and the customer's language."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.kinds import BillKind, VatMode
from billing.methods import method_by_code
from billing.models import Bill
from billing.payment_part import payment_part
from kernel.german import written_for
from kernel.pdf import as_data, picture, render
from tenants.context import current_tenant
from tenants.models import Tenant
from tenants.settings.contacts import contact_for
from tenants.settings.theming import readable, text_on

WHITE, PLAIN = "#ffffff", "#0a5c5c"

# What the law of the seller's country wants to read on the bill of a small business.
SMALL_BUSINESS = {
    "CH": _("Not liable for VAT (art. 10 (2) of the Swiss VAT act)."),
    "DE": _("No VAT is charged (small business under section 19 of the German VAT act)."),
    "AT": _("No VAT is charged (small business under section 6 (1) no. 27 of the Austrian VAT act)."),
    "PL": _("VAT exempt (art. 113 (1) of the Polish VAT act)."),
}
TITLES = {BillKind.INVOICE: _("Invoice"), BillKind.RECEIPT: _("Receipt"), BillKind.CREDIT_NOTE: _("Credit note")}


def draw(bill: Bill) -> bytes:
    """Return a bill as PDF/A-3, in the customer's language as the seller's country writes it. Run inside its tenant.

    Raises UnableToDraw.
    """
    tenant = current_tenant()
    if tenant is None:
        raise LookupError("A bill is drawn inside its tenant.")
    with translation.override(bill.language), written_for(bill.country):
        return render("billing/bill.html", _context(bill, tenant), identifier=bill.uuid.bytes)


def _context(bill: Bill, tenant: Tenant) -> dict[str, Any]:
    part = payment_part(bill)
    colour = tenant.brand_colour or PLAIN
    return {
        "bill": bill,
        "method": method_by_code(bill.method),
        "title": TITLES[BillKind(bill.kind)],
        "brand": tenant.name,
        "is_demo": tenant.is_demo,
        "logo": picture(tenant.logo),
        "contact": contact_for(tenant, order=bill.country),
        "part": part,
        "swiss": _svg(part.swiss) if part and part.swiss else "",
        "epc": _svg(part.epc) if part and part.epc else "",
        "exemption": _exemption(bill),
        "tokens": f"--brand:{colour};--on-brand:{text_on(colour)};--ink:{readable(colour, (WHITE,), darker=True)}",
    }


def _exemption(bill: Bill) -> str:
    match bill.vat_mode:
        case VatMode.SMALL_BUSINESS:
            return str(SMALL_BUSINESS[bill.seller["country"]])
        case VatMode.REVERSE_CHARGE:
            return gettext("Reverse charge: the buyer owes the VAT.")
    return ""


def _svg(drawing: str) -> str:
    return as_data(drawing.encode(), "image/svg+xml")
