"""Pros: friends with a company of their own (R10)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crowd.models.friends import Friend


class ProCountry(models.Model):
    """A country in which pros are enabled, since when and by whom."""

    country = models.CharField(_("country"), max_length=2, primary_key=True)
    enabled_at = models.DateTimeField()
    enabled_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.country


class Pro(models.Model):
    """A friend's company. It takes jobs for pros once it is approved, while the insurance runs, where pros are enabled.

    ``vat_checked_at`` is when a register confirmed the VAT id, where one was asked; the form and check digit are right
    in any case.
    """

    friend = models.OneToOneField(Friend, models.CASCADE, primary_key=True, related_name="pro")
    company = models.CharField(_("company"), max_length=120)
    country = models.CharField(_("country"), max_length=2)
    vat_id = models.CharField(_("VAT number"), max_length=20)
    vat_checked_at = models.DateTimeField(null=True, blank=True)
    insurer = models.CharField(_("insurer"), max_length=120)
    policy_number = models.CharField(_("policy number"), max_length=60)
    insured_until = models.DateField(_("insured until"))
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["country", "vat_id"], name="pro_once_a_vat_id")]

    def __str__(self) -> str:
        return self.company
