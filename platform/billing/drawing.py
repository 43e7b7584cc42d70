"""Bills as PDF/A-3: one A4 page in the partner's brand and the customer's language."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from billing.e_invoices.writing import embedded_in, file_for_machines
from billing.exemptions import exemption_of
from billing.kinds import BillKind
from billing.methods import method_by_code
from billing.models import Bill
from billing.payment_part import payment_part
from kernel.files.payment_part import drawn
from kernel.files.pdf import picture, render
from kernel.wording.german import written_for
from orders.models import Order
from places.countries import country_by_code
from tenants.context import current_tenant
from tenants.models import Tenant
from tenants.settings.contacts import contact_for
from tenants.settings.theming import readable, text_on

WHITE, PLAIN = "#ffffff", "#0a5c5c"

TITLES = {BillKind.INVOICE: _("Invoice"), BillKind.RECEIPT: _("Receipt"), BillKind.CREDIT_NOTE: _("Credit note")}


def draw(bill: Bill) -> bytes:
    """Return a bill as PDF/A-3, in the customer's language as the seller's country writes it. Run inside its tenant.

    What lies in it for machines says the same. Raises UnableToDraw, or where a schema refuses what machines read.
    """
    tenant = _tenant()
    with translation.override(bill.language), written_for(bill.country):
        return render(
            "billing/bill.html",
            _context(bill, tenant),
            identifier=bill.uuid.bytes,
            embedded=embedded_in(bill, tenant),
        )


def write_for_machines(bill: Bill) -> bytes:
    """Return a bill as a file for machines beside its PDF; empty where nobody wants one. Run inside its tenant.

    Raises an exception where the official schema refuses it.
    """
    tenant = _tenant()
    with translation.override(bill.language), written_for(bill.country):
        return file_for_machines(bill, tenant)


def draw_tip_receipt(order: Order) -> bytes:
    """Return the receipt of a tip that was paid by card as PDF/A-3, in the customer's language. Run inside its tenant.

    The same tip gives the same bytes, so nothing is kept; it is no bill, for nobody owes it. Raises UnableToDraw.
    """
    tip, zone = order.tip, ZoneInfo(country_by_code(order.country).time_zone)
    paid_on = (tip.paid_at or tip.created_at).astimezone(zone).date()
    with translation.override(order.language), written_for(order.country):
        context = _look(_tenant(), order.country) | {"order": order, "tip": tip, "paid_on": paid_on}
        return render("billing/tip.html", context, identifier=tip.pk.bytes)


def _tenant() -> Tenant:
    tenant = current_tenant()
    if tenant is None:
        raise LookupError("A bill is drawn inside its tenant.")
    return tenant


def _context(bill: Bill, tenant: Tenant) -> dict[str, Any]:
    return (
        _look(tenant, bill.country)
        | drawn(payment_part(bill))
        | {
            "bill": bill,
            "method": method_by_code(bill.method),
            "title": TITLES[BillKind(bill.kind)],
            "exemption": exemption_of(bill),
        }
    )


def _look(tenant: Tenant, country: str) -> dict[str, Any]:
    """Return what makes a paper a brand's."""
    colour = tenant.brand_colour or PLAIN
    return {
        "brand": tenant.name,
        "is_demo": tenant.is_demo,
        "logo": picture(tenant.logo),
        "contact": contact_for(tenant, order=country),
        "tokens": f"--brand:{colour};--on-brand:{text_on(colour)};--ink:{readable(colour, (WHITE,), darker=True)}",
    }
