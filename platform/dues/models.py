"""The invoice to a partner over a month, its reminders, and the entries of the books on it: each on one alone."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ledger.models import Entry


class InvoiceYear(models.Model):
    """The numbers of a year. ``last`` is the one given last; there is no gap before it."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class PartnerInvoice(models.Model):
    """What a partner owes of a month in a currency, in minor units, as it was issued.

    A trigger refuses every change but its payment and the first drawing, and every deletion. ``issuer`` and ``buyer``
    are names and addresses as they were, ``lines`` what dues.lines.Line says, and they add up to ``gross_minor``.
    ``received_minor`` is what has come in for it, ``paid_at`` when that was all.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tenant_id = models.IntegerField()
    month = models.DateField()
    currency = models.CharField(max_length=3)
    year = models.ForeignKey(InvoiceYear, models.PROTECT, related_name="invoices", db_column="year")
    place = models.PositiveIntegerField()
    number = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    due_on = models.DateField()

    issuer: Any = models.JSONField()
    buyer: Any = models.JSONField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    lines: Any = models.JSONField()
    net_minor = models.PositiveBigIntegerField()
    vat_minor = models.PositiveBigIntegerField()
    gross_minor = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=27, blank=True)

    received_minor = models.PositiveBigIntegerField(default=0)
    paid_at = models.DateTimeField(null=True)
    pdf = models.FileField(upload_to="dues", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "month", "currency"], name="dues_once_a_month"),
            models.UniqueConstraint(fields=["year", "place"], name="dues_number_once"),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor"), gross_minor__gt=0), name="dues_figures_add_up"
            ),
            models.CheckConstraint(
                condition=Q(pdf="", pdf_sha256="") | (~Q(pdf="") & ~Q(pdf_sha256="")), name="dues_pdf_has_hash"
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True) | Q(received_minor__gte=F("gross_minor")), name="dues_paid_is_all"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-issued_on", "number"], name="dues_latest")]

    def __str__(self) -> str:
        return self.number

    @property
    def left_minor(self) -> int:
        """What is still owed."""
        return max(self.gross_minor - self.received_minor, 0)


class BilledEntry(models.Model):
    """An entry of the books that an invoice has taken in."""

    invoice = models.ForeignKey(PartnerInvoice, models.PROTECT, related_name="entries")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="billed", primary_key=True)

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.invoice_id}"


class Reminder(models.Model):
    """A partner was reminded of an invoice: the ``step``-th time, each at most once."""

    invoice = models.ForeignKey(PartnerInvoice, models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_on = models.DateField()
    pay_by = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "step"], name="dues_reminder_once_a_step"),
            models.CheckConstraint(condition=Q(step__gte=1), name="dues_reminder_steps_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.step}"
