"""What providers have moved, the nights' comparisons, and the differences that they found.

Orders, payments and payouts are named by their ids: this app knows the books and nobody else.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from reconciliation.states import Kind, Party

OPEN = Q(gone_at=None, set_aside_at=None)


class Reading(models.Model):
    """Through which moment a provider's movements have been read."""

    party = models.CharField(max_length=8, choices=Party, primary_key=True)
    through = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.party} through {self.through}"


class Movement(models.Model):
    """Money that a provider says it has moved, in minor units: what came is positive. ``fee_minor`` it kept of it.

    ``key`` is the transaction of the books that stands for it, empty as long as there is none; ``off_minor`` how much
    more it is than that. The id makes the key of the fee.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    party = models.CharField(max_length=8, choices=Party)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    # What was moved, and for which payment, by the provider's names.
    source = models.CharField(max_length=100, blank=True)
    payment = models.CharField(max_length=100, blank=True)
    moved_at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True, db_default="")
    off_minor = models.BigIntegerField(db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "name"], name="reconciliation_movement_once"),
            # A transaction of the books stands for one movement.
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="reconciliation_key_once"),
            models.CheckConstraint(condition=Q(off_minor=0) | ~Q(key=""), name="reconciliation_off_from_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "moved_at"], name="reconciliation_unmatched", condition=Q(key="")),
            models.Index(fields=["party", "moved_at", "id"], name="reconciliation_off", condition=~Q(off_minor=0)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount_minor} {self.currency}"


class Comparison(models.Model):
    """One go at comparing; of a night there is one, the others were asked for."""

    night = models.DateField(null=True)
    asked_by = models.CharField(max_length=254, blank=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    new_count = models.PositiveIntegerField(default=0)
    gone_count = models.PositiveIntegerField(default=0)
    # Why it is not over, where it is not: a provider that could not be asked, say.
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["night"], name="reconciliation_once_a_night"),
        ]
        indexes: ClassVar = [models.Index(fields=["-begun_at"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.night or self.asked_by} {self.begun_at:%Y-%m-%d}"


class Difference(models.Model):
    """Something in which somebody and the books differ, opened once. ``amount_minor`` is by how much more they say.

    ``what`` names it as the other side does. It closes by itself when it is gone; who sets it aside says why.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    party = models.CharField(max_length=8, choices=Party)
    kind = models.CharField(max_length=12, choices=Kind)
    subject = models.CharField(max_length=120)
    what = models.CharField(max_length=160)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    since = models.DateField()
    tenant_id = models.PositiveIntegerField(null=True)
    order_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    payout_id = models.UUIDField(null=True)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "kind", "subject"], condition=Q(gone_at=None), name="reconciliation_difference_once"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="reconciliation_differs"),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, reason="") | (Q(set_aside_at__isnull=False) & ~Q(reason="")),
                name="reconciliation_aside_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["since", "id"], name="reconciliation_open", condition=OPEN),
            models.Index(fields=["-found_at", "id"], name="reconciliation_found"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Say whether it waits for a decision."""
        return self.gone_at is None and self.set_aside_at is None
