"""Invoices to partners as PDF/A-3, in the partner's language and the platform's name."""

from collections import Counter
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from dues.kinds import LineKind
from dues.models import PartnerInvoice
from kernel.files.payment_part import Payable, PaymentPart, drawn, payment_part
from kernel.files.pdf import render
from kernel.wording.texts import pick
from places.small_businesses import SMALL_BUSINESS


def draw(invoice: PartnerInvoice) -> bytes:
    """Return an invoice as PDF/A-3.

    Raises UnableToDraw where this machine lacks what drawing needs.
    """
    with translation.override(invoice.language):
        context = drawn(how_to_pay(invoice)) | {
            "invoice": invoice,
            "lines": shown_lines(invoice),
            "rates": rates_of(invoice),
            "exemption": exemption_of(invoice),
        }
        return render("dues/invoice.html", context, identifier=invoice.pk.bytes)


def how_to_pay(invoice: PartnerInvoice) -> PaymentPart | None:
    """Return how an invoice is paid; None where the platform has named no account."""
    if not invoice.issuer["iban"]:
        return None
    return payment_part(
        Payable(
            iban=invoice.issuer["iban"],
            payee=invoice.issuer,
            # A partner's address is kept as it writes it, so the Swiss part leaves the payer's place empty.
            payer={},
            amount_minor=invoice.gross_minor,
            currency=invoice.currency,
            reference=invoice.reference,
            number=invoice.number,
            language=invoice.language,
        )
    )


def exemption_of(invoice: PartnerInvoice) -> str:
    """Return why there is no VAT on an invoice, or on some of its lines; nothing where there is on all."""
    if invoice.issuer.get("is_small_business"):
        return str(SMALL_BUSINESS.get(invoice.issuer["country"], ""))
    if all(line["vat_bp"] for line in invoice.lines):
        return ""
    return gettext("Jobs without VAT: the friend who did the work is the seller and a small business without VAT.")


def shown_lines(invoice: PartnerInvoice) -> list[dict[str, Any]]:
    """Return the lines with their kind and package in the language of the moment."""
    language = translation.get_language() or invoice.language
    return [
        line
        | {
            "on": date.fromisoformat(line["on"]),
            "what": LineKind(line["kind"]).label,
            "package": pick(line["package"], language),
        }
        for line in invoice.lines
    ]


def rates_of(invoice: PartnerInvoice) -> list[tuple[int, int]]:
    """Return the VAT by its rates in basis points, in minor units; what has none is left out."""
    sums: Counter[int] = Counter()
    for line in invoice.lines:
        if line["vat_bp"]:
            sums[line["vat_bp"]] += line["vat_minor"]
    return sorted(sums.items())
