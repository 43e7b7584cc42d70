"""Bills as PDF/A-3: one A4 page in the partner's brand and the customer's language, drawn without any network.

Importing this loads Pango and much else: ``billing.services`` does it when the first bill is drawn, nobody else does.
"""

import base64
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from billing.kinds import BillKind, VatMode
from billing.methods import CARD
from billing.models import Bill
from billing.payment_part import payment_part
from kernel.german import written_for
from tenants.context import current_tenant
from tenants.models import Tenant
from tenants.settings.contacts import contact_for
from tenants.settings.theming import readable, text_on

FONTS = (
    ("quartett/fonts/figtree-latin-wght-normal.woff2", "Figtree"),
    ("quartett/fonts/figtree-latin-ext-wght-normal.woff2", "Figtree Ext"),
)
WEIGHTS = (400, 600, 700)
WHITE, PLAIN = "#ffffff", "#0a5c5c"

# What the law of the seller's country wants to read on the bill of a small business.
SMALL_BUSINESS = {
    "CH": _("Not liable for VAT (art. 10 (2) of the Swiss VAT act)."),
    "DE": _("No VAT is charged (small business under section 19 of the German VAT act)."),
    "AT": _("No VAT is charged (small business under section 6 (1) no. 27 of the Austrian VAT act)."),
    "PL": _("VAT exempt (art. 113 (1) of the Polish VAT act)."),
}
TITLES = {BillKind.INVOICE: _("Invoice"), BillKind.RECEIPT: _("Receipt"), BillKind.CREDIT_NOTE: _("Credit note")}


class OnlyData(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Opens nothing but what a page carries with it: no file, no network."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return what a data address holds.

        Raises FatalURLFetchingError for every other address.
        """
        if not url.startswith("data:"):
            raise FatalURLFetchingError(f"A bill loads nothing: {url}")
        return super().fetch(url, headers)


def draw(bill: Bill) -> bytes:
    """Return a bill as PDF/A-3. Run inside its tenant."""
    configuration, faces = _fonts()
    content = HTML(string=page_of(bill), url_fetcher=OnlyData()).write_pdf(
        pdf_variant="pdf/a-3b", pdf_identifier=bill.uuid.bytes, font_config=configuration, stylesheets=[faces]
    )
    return bytes(content)


def page_of(bill: Bill) -> str:
    """Return a bill as HTML, in the customer's language as the seller's country writes it. Run inside its tenant."""
    tenant = current_tenant()
    if tenant is None:
        raise LookupError("A bill is drawn inside its tenant.")
    with translation.override(bill.language), written_for(bill.country):
        return render_to_string("billing/bill.html", _context(bill, tenant))


def _context(bill: Bill, tenant: Tenant) -> dict[str, Any]:
    part = payment_part(bill)
    colour = tenant.brand_colour or PLAIN
    return {
        "bill": bill,
        "is_by_card": bill.method == CARD.code,
        "title": TITLES[BillKind(bill.kind)],
        "brand": tenant.name,
        "is_demo": tenant.is_demo,
        "logo": _as_data(tenant.logo),
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


@cache
def _fonts() -> tuple[FontConfiguration, CSS]:
    """Return the theme's fonts as WeasyPrint knows them, in the weights of a bill.

    Taking a weight out of a variable font costs more than drawing a bill, so it is done once.
    """
    configuration = FontConfiguration()
    faces = (
        f"@font-face{{font-family:'{family}';font-weight:{weight};src:url({_font(path, weight)})}}"
        for path, family in FONTS
        for weight in WEIGHTS
    )
    return configuration, CSS(string="".join(faces), font_config=configuration, url_fetcher=OnlyData())


def _font(path: str, weight: int) -> str:
    found, out = finders.find(path), BytesIO()
    if not found:
        raise LookupError(path)
    with TTFont(found) as font:
        single = instantiateVariableFont(font, {"wght": weight})
        single.flavor = None
        single.save(out)
    return _data(out.getvalue(), "font/ttf")


@cache
def _as_data(path: str) -> str:
    """Return a static file as a data address, and nothing where there is none."""
    found = finders.find(path) if path else None
    if not found:
        return ""
    kind = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
    return _data(Path(found).read_bytes(), kind[Path(found).suffix])


def _svg(drawing: str) -> str:
    return _data(drawing.encode(), "image/svg+xml")


def _data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
