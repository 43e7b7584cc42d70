"""Orders that come from a partner's own system."""

from typing import ClassVar

from django.db import models

from orders.models.orders import Order


class FedOrder(models.Model):
    """An order that a partner's system has placed by the API: with which key, and what the order is called there."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="fed")
    key_uuid = models.UUIDField()
    reference = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reference"], name="fed_order_once_a_reference", condition=~models.Q(reference="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reference}"
