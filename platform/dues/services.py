"""Writes of invoices to partners, and of what comes in for them. Run on the platform."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from dues.drawing import draw
from dues.errors import DrawingChanged
from dues.lines import Line
from dues.models import BilledEntry, PartnerInvoice, Reminder
from ledger.models import Entry

PAY_WITHIN = timedelta(days=30)
BUMP = """
    INSERT INTO dues_invoiceyear (year, last) VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = dues_invoiceyear.last + 1
    RETURNING last
"""


@transaction.atomic
def issue(
    *,
    tenant_id: int,
    month: date,
    currency: str,
    lines: Sequence[Line],
    entries: Iterable[Entry],
    issuer: Mapping[str, str],
    buyer: Mapping[str, Any],
    language: str,
    reference_of: Callable[[int], str],
    today: date,
    now: datetime,
) -> PartnerInvoice:
    """Issue the invoice over a month under the next number of its year, and take the entries in.

    The number is free again where the transaction is rolled back. ``reference_of`` makes the payment's reference of the
    place that names the invoice in it. Raises IntegrityError where the month has one, or an entry is on another.
    """
    with connection.cursor() as cursor:
        cursor.execute(BUMP, [today.year])
        (place,) = cursor.fetchone()
    gross, vat = sum(line.gross_minor for line in lines), sum(line.vat_minor for line in lines)
    invoice = PartnerInvoice.objects.create(
        tenant_id=tenant_id,
        month=month,
        currency=currency,
        year_id=today.year,
        place=place,
        number=f"QP-{today.year}-{place:05}",
        issued_at=now,
        issued_on=today,
        due_on=today + PAY_WITHIN,
        issuer=dict(issuer),
        buyer=dict(buyer),
        language=language,
        lines=[line.as_kept() for line in lines],
        net_minor=gross - vat,
        vat_minor=vat,
        gross_minor=gross,
        reference=reference_of(today.year % 100 * 100_000 + place),
    )
    BilledEntry.objects.bulk_create([BilledEntry(invoice=invoice, entry=entry) for entry in entries])
    return invoice


def locked_invoice(invoice_id: UUID) -> PartnerInvoice:
    """Return an invoice, locked until the transaction ends.

    Raises ``PartnerInvoice.DoesNotExist``.
    """
    return PartnerInvoice.objects.select_for_update().get(pk=invoice_id)


def count_payment(invoice: PartnerInvoice, *, amount_minor: int, now: datetime) -> None:
    """Count money that has come in for an invoice, which the caller has locked; negative where it went back."""
    invoice.received_minor += amount_minor
    if invoice.paid_at is None and invoice.received_minor >= invoice.gross_minor:
        invoice.paid_at = now
    invoice.save(update_fields=["received_minor", "paid_at"])


def note_reminder(invoice: PartnerInvoice, *, step: int, sent_on: date, pay_by: date, now: datetime) -> Reminder:
    """Write down that the partner is reminded of an invoice, which the caller has locked."""
    return Reminder.objects.create(invoice=invoice, step=step, sent_at=now, sent_on=sent_on, pay_by=pay_by)


@transaction.atomic
def keep_drawing(invoice_id: UUID) -> bytes:
    """Return an invoice's PDF; the first time it is drawn and kept with its hash.

    Raises UnableToDraw where this machine lacks what drawing needs, DrawingChanged where the file is another.
    """
    invoice = locked_invoice(invoice_id)
    if invoice.pdf:
        with invoice.pdf.open() as file:
            content = bytes(file.read())
        if hashlib.sha256(content).hexdigest() != invoice.pdf_sha256:
            raise DrawingChanged(invoice.number)
        return content
    content, name = draw(invoice), f"dues/{invoice.pk}.pdf"
    # A first try may have died between the file and its row.
    default_storage.delete(name)
    invoice.pdf.name = default_storage.save(name, ContentFile(content))
    invoice.pdf_sha256 = hashlib.sha256(content).hexdigest()
    invoice.save(update_fields=["pdf", "pdf_sha256"])
    return content
