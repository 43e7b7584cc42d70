"""What a line of an invoice to a partner is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LineKind(models.TextChoices):
    """Why the partner pays."""

    PACKAGE = "package", _("Package that you pay")
    VOUCHER = "voucher", _("Voucher")
    DIAGNOSIS = "diagnosis", _("Diagnosis without work after it")
    TAKEN_OVER = "taken_over", _("Taken over for the customer")
    TAKEN_BACK = "taken_back", _("Taken back")
