"""Who says something else than the books, and what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """With whom the books are compared."""

    STRIPE = "stripe", "Stripe"
    SUMUP = "sumup", "SumUp"
    BANK = "bank", _("Bank")
    PAYOUTS = "payouts", _("Payouts")


class Kind(models.TextChoices):
    """How the books differ."""

    NOT_BOOKED = "not_booked", _("Not in the books")
    ONLY_BOOKED = "only_booked", _("In the books only")
    AMOUNT = "amount", _("Different amount")
    BALANCE = "balance", _("Different balance")
    GAP = "gap", _("A bank statement is missing")


class Show(models.TextChoices):
    """Which differences to list."""

    OPEN = "open", _("Needs a decision")
    ASIDE = "aside", _("Set aside")
    GONE = "gone", _("Resolved")
