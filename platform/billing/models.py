"""Payment: what a customer owes for an order, and how. Bill: what the customer gets about it, and keeps."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models

from billing.kinds import BillKind, VatMode
from billing.methods import PaymentState
from orders.models import Order


class Payment(models.Model):
    """The payment of one order, in minor units.

    ``refund_minor`` is what goes back to the customer; ``refunded_at`` is when all of it was on its way. From
    ``invoiced_at`` on an invoice asks for what was to be paid on site.
    """

    order = models.OneToOneField(Order, models.PROTECT, related_name="payment")
    method = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=PaymentState)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refund_minor = models.PositiveIntegerField(default=0, db_default=0)
    refunded_at = models.DateTimeField(null=True)
    invoiced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=PaymentState.PAID, paid_at__isnull=False)
                | (~models.Q(state=PaymentState.PAID) & models.Q(paid_at__isnull=True)),
                name="payment_paid_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(refund_minor=0)
                | models.Q(state=PaymentState.PAID, refund_minor__lte=models.F("amount_minor")),
                name="payment_refund_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} ({self.state})"


class BillSeries(models.Model):
    """The numbers of one seller in one year. ``last`` is the one given last; there is no gap before it."""

    prefix = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["prefix", "year"], name="bill_series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class Bill(models.Model):
    """An invoice, a receipt or a credit note: all that stood on it when it was issued, and its files.

    A trigger refuses every change but the first drawing of the files, and every deletion; a wrong bill is taken back by
    a credit note. ``seller`` is tenants.settings.sellers.Seller, ``buyer`` the customer's name and address as they
    were, with ``company``, ``vat_id`` and ``leitweg_id`` where a company has booked. ``lines`` are
    ``{"text": …, "gross_minor": …}`` and add up to ``gross_minor``.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="bills")
    kind = models.CharField(max_length=12, choices=BillKind)
    # The bill that a credit note takes back; at most once.
    cancels = models.OneToOneField("self", models.PROTECT, null=True, related_name="cancelled_by")
    series = models.ForeignKey(BillSeries, models.PROTECT, related_name="bills")
    place = models.PositiveIntegerField()
    number = models.CharField(max_length=80, unique=True)

    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    supplied_on = models.DateField()
    due_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    method = models.CharField(max_length=20)

    seller: Any = models.JSONField()
    buyer: Any = models.JSONField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    lines: Any = models.JSONField()
    vat_mode = models.CharField(max_length=14, choices=VatMode)
    vat_bp = models.PositiveIntegerField()
    net_minor = models.PositiveIntegerField()
    vat_minor = models.PositiveIntegerField()
    gross_minor = models.PositiveIntegerField()
    # By which a payment names the bill: 27 digits for a QR-IBAN, else ISO 11649.
    reference = models.CharField(max_length=27, blank=True)

    pdf = models.FileField(upload_to="bills", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    # The same for a machine, where an authority wants a file of its own: XRechnung, or Poland's FA(3).
    xml = models.FileField(upload_to="bills", blank=True, default="", db_default="")
    xml_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "place"], name="bill_number_once"),
            models.CheckConstraint(
                condition=models.Q(gross_minor=models.F("net_minor") + models.F("vat_minor")),
                name="bill_figures_add_up",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=BillKind.CREDIT_NOTE) ^ models.Q(cancels__isnull=True),
                name="bill_credit_note_names_its_bill",
            ),
            models.CheckConstraint(
                condition=models.Q(pdf="", pdf_sha256="") | (~models.Q(pdf="") & ~models.Q(pdf_sha256="")),
                name="bill_pdf_has_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(xml="", xml_sha256="")
                | (~models.Q(xml="") & ~models.Q(xml_sha256="") & ~models.Q(pdf="")),
                name="bill_xml_has_hash_and_pdf",
            ),
        ]

    def __str__(self) -> str:
        return self.number
