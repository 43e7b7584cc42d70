"""Drawing bills as PDF, with a QR-bill on each."""

import time
from collections.abc import Iterator

from weasyprint import HTML

from billing.drawing import draw
from kernel.files.typesetting import OnlyData
from tenants.context import tenant_context
from tenants.selectors import tenant_by_slug
from tests.bench.figures import Figure, milliseconds
from tests.billing.papers import bill_in
from tests.billing.sellers import QR_IBAN

RUNS, BATCH = 50, 500


def invoice_pdf() -> Iterator[Figure]:
    """Draw an invoice with its QR-bill; the baseline is an empty page of the same kind of PDF."""
    with tenant_context(tenant_by_slug("alpenfunk")):
        bill = bill_in("CH", "de", iban=QR_IBAN)
        baseline, _p99 = milliseconds(_empty_page, RUNS)
        median, p99 = milliseconds(lambda: draw(bill), RUNS)
        yield Figure("invoice-pdf", median, "ms", p99, baseline)
        begun = time.perf_counter()
        for _bill in range(BATCH):
            draw(bill)
        yield Figure("invoice-pdf.batch", round(BATCH / (time.perf_counter() - begun), 1), "invoices/s")


def _empty_page() -> None:
    HTML(string="<p>", url_fetcher=OnlyData()).write_pdf(pdf_variant="pdf/a-3b")
