"""Kinds of bills, and how VAT stands on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BillKind(models.TextChoices):
    """What a bill is for: to be paid, paid already, or to take another one back."""

    INVOICE = "invoice", _("Invoice")
    RECEIPT = "receipt", _("Receipt")
    CREDIT_NOTE = "credit_note", _("Credit note")


class VatMode(models.TextChoices):
    """How VAT stands on a bill: shown and included, none from a small business, or owed by the business that buys."""

    STANDARD = "standard", _("VAT is charged")
    SMALL_BUSINESS = "small_business", _("Small business without VAT")
    REVERSE_CHARGE = "reverse_charge", _("Reverse charge")
