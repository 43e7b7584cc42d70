"""Whom the directive touches, when they are asked, and what kinds of reports there are.

Council Directive (EU) 2021/514 (DAC7): each friend who lives in the Union and is paid is reported, from the first job
on. Payment is withheld from who has not said what is needed after two reminders and 60 days. Switzerland is no part
of the Union.
"""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
# Where a friend who works here may live for the tax office.
RESIDENCES = (*UNION, "CH")

# Days from the first question.
FIRST_REMINDER, SECOND_REMINDER, BLOCK = timedelta(days=20), timedelta(days=40), timedelta(days=60)
# Where nobody was there to remind in time: so long each reminder has to have an effect.
AT_LEAST_BETWEEN = timedelta(days=10)
# To the authority and to each friend.
DUE_MONTH, DUE_DAY = 1, 31


class Step(models.TextChoices):
    """What comes next for a friend who has not said what is needed."""

    REMIND = "remind", _("First reminder")
    REMIND_AGAIN = "remind_again", _("Second reminder")
    BLOCK = "block", _("Payouts blocked")


class ReportKind(models.TextChoices):
    """A message holds either what is new or what corrects former messages (OECD's DPI401 and DPI402)."""

    NEW = "DPI401", _("New data")
    CORRECTIONS = "DPI402", _("Corrections")


class ReportedKind(models.TextChoices):
    """What is said of a seller (OECD1, OECD2 and OECD3)."""

    NEW = "OECD1"
    CORRECTED = "OECD2"
    DELETED = "OECD3"
