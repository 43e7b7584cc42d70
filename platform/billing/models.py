"""Payment: what a customer owes for an order, and how."""

from typing import ClassVar

from django.db import models

from billing.methods import PaymentState
from orders.models import Order


class Payment(models.Model):
    """The payment of one order, in minor units.

    ``refund_minor`` is what goes back to the customer; ``refunded_at`` is when all of it was on its way.
    """

    order = models.OneToOneField(Order, models.PROTECT, related_name="payment")
    method = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=PaymentState)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refund_minor = models.PositiveIntegerField(default=0, db_default=0)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=PaymentState.PAID, paid_at__isnull=False)
                | (~models.Q(state=PaymentState.PAID) & models.Q(paid_at__isnull=True)),
                name="payment_paid_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(refund_minor=0)
                | models.Q(state=PaymentState.PAID, refund_minor__lte=models.F("amount_minor")),
                name="payment_refund_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} ({self.state})"
