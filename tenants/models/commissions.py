"""Rates of commission, with the days on which they count."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.partners import Tenant

# What a rate of commission is about; for each of it one rate counts on a day.
COMMISSION_KEY = ("tenant", "package_slug", "category", "level", "country", "route")


class Route(models.TextChoices):
    """Whether the partner's own community does a job, or another one to which it overflows."""

    OWN = "own", _("Own community")
    OVERFLOW = "overflow", _("Other communities")


class _Days(models.Func):
    """The days on which a row counts; an open end is no bound."""

    function = "daterange"
    output_field: ClassVar = DateRangeField()


class Commission(models.Model):
    """A rate of a partner's table of commissions, in basis points, for jobs that are booked on some days (R21).

    An empty column stands for all. ``settings.commissions`` has the rule by which one row is chosen. A row is never
    taken away and never changed but for its end, so orders can name the one by which they were split.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="commissions")
    package_slug = models.SlugField(_("package"), max_length=60, blank=True)
    # A group of the tree of skills: about each package that needs a skill of it.
    category = models.SlugField(_("category"), max_length=50, blank=True, db_default="")
    level = models.CharField(_("kind of job"), max_length=10, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, db_default="")
    route = models.CharField(_("who does the job"), max_length=10, choices=Route, blank=True, db_default="")
    basis_points = models.PositiveIntegerField(_("commission in basis points"))
    # What orders name; it stays the same where a partner moves to another installation.
    version = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    # The first day, and the first on which it counts no more; without them since ever and until further notice.
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(basis_points__lte=10_000), name="commission_row_at_most_all"),
            models.CheckConstraint(
                condition=models.Q(package_slug="") | models.Q(category=""),
                name="commission_package_or_category",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_from__lt=models.F("valid_until")),
                name="commission_row_has_days",
            ),
            ExclusionConstraint(
                name="commission_one_a_day",
                expressions=[
                    (_Days("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                    *((column, RangeOperators.EQUAL) for column in COMMISSION_KEY),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.package_slug or '*'} {self.level or '*'} {self.basis_points}"
