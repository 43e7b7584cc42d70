"""The words for how far something is in the crowd."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a document proves."""

    IDENTITY = "identity", _("Proof of age")
    INSURANCE = "insurance", _("Proof of insurance")


class CheckState(models.TextChoices):
    """How far the check of a document is."""

    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approval given")
    REJECTED = "rejected", _("Rejected")


class Grade(models.IntegerChoices):
    """How well a skill is proved; a higher grade does for a lower one."""

    DECLARED = 0, _("Declared by the friend")
    FRIEND = 1, _("Certified as a friend")
    PRO = 2, _("Certified as a pro")


class CertificateStep(models.TextChoices):
    """What happened to a certificate."""

    ISSUED = "issued", _("Issued")
    RENEWED = "renewed", _("Renewed")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class OnlineTestKind(models.TextChoices):
    """What a test is for."""

    ONBOARDING = "onboarding", _("Onboarding")
    SKILL = "skill", _("Skill")
