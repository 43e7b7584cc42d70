"""How a payment that came in stands to what is owed, and an invoice to what has come in."""

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


class FileKind(models.TextChoices):
    """What kind of file told of a payment first."""

    CAMT = "camt", "camt.053"
    MT940 = "mt940", "MT940"


class ClaimState(models.TextChoices):
    """What has become of an invoice. One that is written off may still be paid."""

    OPEN = "open", _("Open")
    WRITTEN_OFF = "written_off", _("Written off")
    PAID = "paid", _("Paid")
    TAKEN_BACK = "taken_back", _("Taken back")
