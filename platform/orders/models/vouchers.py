"""Which order has used which voucher."""

from typing import ClassVar

from django.db import models

from catalog.models import Voucher
from orders.models.orders import Order


class Redemption(models.Model):
    """A voucher that an order has, in minor units; ``returned_at`` is when the order gave it back.

    ``customer`` is the address by which a customer is known again, in small letters.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="redemption")
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="redemptions")
    customer = models.CharField(max_length=254)
    amount_minor = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=1), name="redemption_is_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["customer"], name="redemption_of_customer")]

    def __str__(self) -> str:
        return f"{self.voucher_id}: {self.order_id}"
