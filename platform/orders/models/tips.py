"""What a customer gives on top, all of it for whoever did the work."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from orders.models.orders import Order


class Tip(models.Model):
    """A tip for the work of an order, in minor units of its currency; an order has one at most.

    By card it waits for its payment until ``paid_at``. One in cash was given on site; it is only noted.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    order = models.OneToOneField(Order, models.CASCADE, related_name="tip")
    friend_id = models.UUIDField()
    amount_minor = models.PositiveIntegerField()
    is_cash = models.BooleanField()
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="tip_is_something"),
            models.CheckConstraint(
                condition=Q(is_cash=False) | Q(paid_at=F("created_at")), name="tip_in_cash_is_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} for {self.order_id}"
