"""Bills that no database holds, for what is drawn of them, and looking at a PDF as a reader does."""

import re
import zlib
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

import pypdfium2
import zxingcpp

from billing.figures import figures_of, vat_mode_of
from billing.kinds import BillKind
from billing.methods import CASH, INVOICE
from billing.models import Bill
from billing.references import reference_of
from orders.models import Order
from places.countries import COUNTRIES, vat_bp
from tenants.models import Tenant
from tenants.settings.sellers import Seller
from tests.billing.sellers import seller

DAY = date(2026, 11, 24)
BUYERS = {
    "CH": ("Zoé Müller-Łukasz", "Rue du Lac 5", "1003", "Lausanne"),
    "DE": ("Jürgen Groß", "Invalidenstr. 1", "10115", "Berlin"),
    "AT": ("Ada Öttl", "Ring 1", "1010", "Wien"),
    "PL": ("Żaneta Świątek-Łęcka", "ul. Żurawia 12 m. 4", "00-515", "Warszawa"),
}
# Dots in a millimetre, as a scanner or a phone's camera sees them.
SCALE = 300 / 72


def bill_in(
    country: str,
    language: str = "en",
    *,
    kind: str = BillKind.INVOICE,
    price_minor: int = 14_900,
    method: str = "",
    company: dict[str, str] | None = None,
    **parts: Any,
) -> Bill:
    """Return a bill for a job in a country; ``company`` is what one says that buys, ``parts`` are of its seller."""
    sells, company = Seller(**seller(country, **parts)), company or {}
    mode = vat_mode_of(sells, company.get("vat_id", ""))
    person = dict(zip(("name", "street", "postal_code", "town"), BUYERS[country], strict=True))
    currency = COUNTRIES[country].currency
    figures = figures_of(price_minor, currency=currency, vat_bp=vat_bp(country, DAY), mode=mode)
    is_invoice = kind == BillKind.INVOICE
    return Bill(
        uuid=uuid4(),
        order=Order(number="N-2026-00042", email="ada@customers.example"),
        kind=kind,
        method=method or (INVOICE.code if is_invoice else CASH.code),
        number=f"NORD-{country}-2026-00017",
        cancels=Bill(number=f"NORD-{country}-2026-00016", issued_on=DAY) if kind == BillKind.CREDIT_NOTE else None,
        issued_at=datetime.combine(DAY, time(11), UTC),
        issued_on=DAY,
        supplied_on=DAY,
        due_on=date(2026, 12, 24) if is_invoice else None,
        paid_on=DAY if kind == BillKind.RECEIPT else None,
        seller=asdict(sells),
        buyer=person | {"country": country} | company,
        language=language,
        country=country,
        currency=currency,
        lines=[{"text": "Wi-Fi", "gross_minor": figures.gross_minor}],
        vat_mode=mode,
        reference=reference_of(sells.iban, 7, 3, 17) if is_invoice else "",
        **asdict(figures),
    )


def brand(country: str) -> Tenant:
    """Return a partner that no database holds."""
    return Tenant(
        slug="nord",
        name="Nord",
        brand_colour="#d7263d",
        logo="quartett/brands/volthaus.svg",
        email="hello@nord.example",
        countries=[country],
        is_demo=True,
    )


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF, on one line."""
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def codes_of(pdf: bytes) -> list[str]:
    """Return what the QR codes of a PDF's pages say to whoever scans them."""
    pages, qr = pypdfium2.PdfDocument(pdf), zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    pictures = (page.render(scale=SCALE).to_pil() for page in pages)
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture, formats=qr)]


def metadata_of(pdf: bytes) -> str:
    """Return what a PDF says of itself, as XML."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            content = stream
        if b"<x:xmpmeta" in content:
            return content.decode()
    return ""
