"""Orders that come from a partner's own system."""

from typing import ClassVar

from django.db import models

from orders.models.orders import Order


class FedOrder(models.Model):
    """An order that a partner's system has placed by the API, or a manager by a table, and what it is called there.

    ``key_uuid`` is the key with which it came; none where it came in a table.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="fed")
    key_uuid = models.UUIDField(null=True)
    reference = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reference"], name="fed_order_once_a_reference", condition=~models.Q(reference="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reference}"
