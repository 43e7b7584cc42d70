"""Payments that came in and what the accounts held, each once, however many files tell of it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from bank.states import FOR_THE_DESK, InState


class BankPayment(models.Model):
    """Money that came in, in minor units, as the bank says it, and what became of it.

    ``order_id`` and ``number`` are the order and the bill that it was counted for; ``over_minor`` is how much more it
    is than was owed. ``settled_at`` is when nothing was left to do about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=80, unique=True)
    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    booked_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True)
    words = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=140, blank=True)
    payer_iban = models.CharField(max_length=34, blank=True)
    file_name = models.CharField(max_length=255)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=254)

    state = models.CharField(max_length=8, choices=InState, default=InState.UNKNOWN)
    tenant_id = models.IntegerField(null=True)
    order_id = models.UUIDField(null=True)
    number = models.CharField(max_length=80, blank=True)
    over_minor = models.PositiveBigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=254, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=InState.UNKNOWN, tenant_id__isnull=True, order_id__isnull=True)
                | (~Q(state=InState.UNKNOWN) & Q(tenant_id__isnull=False, order_id__isnull=False)),
                name="bank_payment_known_has_order",
            ),
            models.CheckConstraint(
                condition=Q(state=InState.OVER, over_minor__gt=0) | (~Q(state=InState.OVER) & Q(over_minor=0)),
                name="bank_payment_over_says_how_much",
            ),
            models.CheckConstraint(condition=Q(over_minor__lte=F("amount_minor")), name="bank_payment_over_within"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(state__in=FOR_THE_DESK), name="bank_payment_paid_is_settled"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "order_id"], name="bank_payment_of_order"),
            models.Index(fields=["booked_on"], name="bank_payment_on_desk", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} on {self.booked_on} ({self.state})"


class BankStatement(models.Model):
    """What an account held before and after the entries of a statement, in minor units; ``closed_on`` is its last day.

    A later file of the same day takes its place.
    """

    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    closed_on = models.DateField()
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    file_name = models.CharField(max_length=255)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=254)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["iban", "currency", "closed_on"], name="bank_statement_once"),
            models.CheckConstraint(condition=Q(opened_on__lte=F("closed_on")), name="bank_statement_goes_forward"),
        ]
        indexes: ClassVar = [models.Index(fields=["-closed_on", "id"], name="bank_latest_statements")]

    def __str__(self) -> str:
        return f"{self.closing_minor} {self.currency} on {self.closed_on}"
