"""The right of withdrawal: what a consumer has consented to at booking, and what is owed where work had begun."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from orders.models.orders import Order


class EarlyStart(models.Model):
    """A consumer's express wish that the work begins within the days of withdrawal: what they ticked, and when.

    A trigger refuses every change. ``version`` is that of the text (orders.early_start), ``words`` the text itself.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="early_start")
    version = models.CharField(max_length=10)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    words = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(words=""), name="early_start_says_what")]

    def __str__(self) -> str:
        return f"Early start of {self.order_id} ({self.version})"


class Withdrawal(models.Model):
    """A withdrawal that does not end its order by itself: a manager decides what the customer still owes.

    ``proposed_minor`` is what follows from the law and from what is known, ``owed_minor`` what was decided, in minor
    units. A trigger keeps the order from being confirmed while it is open.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="withdrawal")
    opened_at = models.DateTimeField()
    proposed_minor = models.PositiveIntegerField()
    owed_minor = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, owed_minor__isnull=True)
                | Q(decided_at__isnull=False, owed_minor__isnull=False),
                name="withdrawal_decided_with_amount",
            )
        ]

    def __str__(self) -> str:
        return f"Withdrawal from {self.order_id} ({'open' if self.decided_at is None else 'decided'})"
