"""Whom the directive touches, when they are asked, and what kinds of reports there are.

Council Directive (EU) 2021/514 (DAC7), Annex V. A personal service is work "carried out at the request of a user,
either online or physically offline" (section I.A.11). Excluded are (section I.B.4) governmental entities, entities
whose stock is regularly traded, those with more than 2,000 lettings of a property, and who sold *goods* fewer than 30
times for at most 2,000 euros. None of this is a friend: so each who lives in the Union and is paid is reported, from
the first job on. Switzerland is no part of it.
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

# Section IV.A.2: payment is withheld after two reminders, "but not prior to the expiration of 60 days".
FIRST_REMINDER, SECOND_REMINDER, BLOCK = timedelta(days=20), timedelta(days=40), timedelta(days=60)
# Where nobody was there to remind in time: so long each reminder has to have an effect.
AT_LEAST_BETWEEN = timedelta(days=10)
# Section III.A: by the last day of January, to the authority and to each seller.
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

    NEW = "OECD1", _("New")
    CORRECTED = "OECD2", _("Corrected")
    DELETED = "OECD3", _("Deleted")
