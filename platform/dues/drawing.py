"""Invoices to partners as PDF/A-3, in the partner's language and the platform's name."""

from collections import Counter
from datetime import date
from typing import Any

from django.utils import translation

from dues.kinds import LineKind
from dues.models import PartnerInvoice
from kernel.files.pdf import render
from kernel.wording.texts import pick


def draw(invoice: PartnerInvoice) -> bytes:
    """Return an invoice as PDF/A-3.

    Raises UnableToDraw where this machine lacks what drawing needs.
    """
    with translation.override(invoice.language):
        context = {"invoice": invoice, "lines": shown_lines(invoice), "rates": rates_of(invoice)}
        return render("dues/invoice.html", context, identifier=invoice.pk.bytes)


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
    """Return the VAT by its rates in basis points, in minor units."""
    sums: Counter[int] = Counter()
    for line in invoice.lines:
        sums[line["vat_bp"]] += line["vat_minor"]
    return sorted(sums.items())
