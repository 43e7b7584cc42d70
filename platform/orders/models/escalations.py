"""A friend lets a pro take the job."""

from typing import ClassVar

from django.db import models

from orders.models.orders import Order
from orders.states import EscalationState


class Escalation(models.Model):
    """A friend on site hands over to a pro: what they found, and the new price that the customer approves or not.

    Prices are gross in minor units of the order's currency; ``diagnosis_minor`` is what the friend gets either way.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="escalation")
    friend_id = models.UUIDField()
    diagnosis = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=EscalationState, default=EscalationState.PROPOSED)
    price_before_minor = models.PositiveIntegerField()
    price_after_minor = models.PositiveIntegerField()
    diagnosis_minor = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(price_after_minor__gte=models.F("price_before_minor"))
                & models.Q(diagnosis_minor__lte=models.F("price_before_minor")),
                name="escalation_prices_are_right",
            )
        ]

    def __str__(self) -> str:
        return f"Escalation of {self.order_id} ({self.state})"

    @property
    def difference_minor(self) -> int:
        """How much more the customer would pay."""
        return self.price_after_minor - self.price_before_minor


class EscalationPhoto(models.Model):
    """A photo of what the friend found; re-encoded, so no metadata is left in it."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="diagnosis")

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.image.name}"
