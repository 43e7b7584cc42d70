"""How a payment that came in stands to what is owed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InState(models.TextChoices):
    """What a payment has done to the invoice that it names."""

    PAID = "paid", _("Invoice paid")
    PARTIAL = "partial", _("Paid in part")
    OVER = "over", _("Paid too much")
    UNKNOWN = "unknown", _("Not assigned")


# What waits for an operator until it is settled.
FOR_THE_DESK = (InState.UNKNOWN, InState.OVER, InState.PARTIAL)
