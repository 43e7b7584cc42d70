"""Work beyond the package, or another price for it, which counts with the customer's yes."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from orders.models.orders import Order
from orders.states import ExtraState


class Extra(models.Model):
    """What the friend on site proposes: work beyond the package, or another price. Only a yes changes the order.

    Prices are gross, in minor units of the order's currency: the change, negative where it becomes cheaper, and what
    the order cost before it and costs with it. ``minutes`` is how much longer it takes. What was taken from the
    partner's price list keeps the package's name. A trigger lets no order's price change but by an answered one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="extras")
    friend_id = models.UUIDField()
    words = models.CharField(max_length=300)
    package_name: Any = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField()
    change_minor = models.IntegerField()
    price_before_minor = models.PositiveIntegerField()
    price_after_minor = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ExtraState, default=ExtraState.PROPOSED)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state=ExtraState.PROPOSED), name="extra_one_open_an_order"
            ),
            models.CheckConstraint(
                condition=Q(price_after_minor=F("price_before_minor") + F("change_minor")) & ~Q(change_minor=0),
                name="extra_prices_are_right",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtraState.PROPOSED, answered_at=None)
                | (~Q(state=ExtraState.PROPOSED) & Q(answered_at__isnull=False)),
                name="extra_answered_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_minor} for {self.order_id} ({self.state})"
