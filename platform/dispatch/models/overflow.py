"""Contracts on overflow, and every job that crossed by one."""

from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crowd.models import SHARED_CROWD
from dispatch.models.jobs import Job


class OverflowContract(models.Model):
    """What one partner, or every partner, agreed on passing jobs to the shared crowd or to another partner's community.

    ``tenant_id`` None holds for all partners; ``community`` 0 is the shared crowd, else the tenant id of the taker.
    Empty lists do not restrict: ``packages`` are slugs, ``countries`` codes, ``postal_prefixes`` beginnings of postal
    codes after their country (``DE 10``); a country without any is open as a whole. ``commission_bp`` is the commission
    of overflow jobs in basis points (None: as in the own community), of which the partner keeps ``partner_share_bp``.
    ``hours_from`` to ``hours_until`` (0 to 24, local) is when jobs may cross. The contract of the pair counts before
    the one for all.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tenant_id = models.PositiveIntegerField(null=True, blank=True)
    community = models.PositiveIntegerField(default=SHARED_CROWD)
    packages = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    postal_prefixes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    commission_bp = models.PositiveIntegerField(null=True, blank=True)
    partner_share_bp = models.PositiveIntegerField(default=5_000)
    shows_brand = models.BooleanField(default=True)
    hours_from = models.PositiveSmallIntegerField(default=0)
    hours_until = models.PositiveSmallIntegerField(default=24)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(hours_from__lt=models.F("hours_until"), hours_until__lte=24),
                name="contract_has_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(partner_share_bp__lte=10_000)
                & (models.Q(commission_bp__isnull=True) | models.Q(commission_bp__lte=10_000)),
                name="contract_shares_at_most_all",
            ),
            models.CheckConstraint(
                condition=models.Q(tenant_id__isnull=True) | ~models.Q(tenant_id=models.F("community")),
                name="contract_is_between_two",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "community"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="contract_one_running_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id or 'all'} to {self.community}"


class Crossing(models.Model):
    """A job passed the gate out of its partner's community: by which contract, with what, and whose money it is.

    ``carried`` names the columns of the job that friends outside may read. Money in minor units;
    ``own_commission_bp`` is the commission that holds in the partner's own community.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="crossings")
    contract = models.ForeignKey(OverflowContract, models.PROTECT, related_name="crossings")
    search = models.PositiveSmallIntegerField(default=1)
    community = models.PositiveIntegerField()
    at = models.DateTimeField()
    carried = ArrayField(models.CharField(max_length=40))
    # Copied, since the taker's managers see figures but never the job.
    currency = models.CharField(max_length=3, db_default="")
    own_commission_bp = models.PositiveIntegerField(db_default=0)
    commission_bp = models.PositiveIntegerField(db_default=0)
    commission_minor = models.PositiveIntegerField()
    partner_share_minor = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "search", "contract"], name="crossing_once_a_contract"),
            models.CheckConstraint(
                condition=models.Q(partner_share_minor__lte=models.F("commission_minor")),
                name="crossing_shares_at_most_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} to {self.community}"

    @property
    def friend_minor(self) -> int:
        """What the friend gets of the job by this crossing; nothing once they have handed it over to a pro."""
        return replace(self.job.split, commission_bp=self.commission_bp).friend_minor
