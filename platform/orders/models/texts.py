"""What customer and friend write to each other, and what a manager has hidden of it."""

from typing import ClassVar

from django.db import models

from orders.models.orders import Order
from orders.states import Side, TextPlace


class ThreadMessage(models.Model):
    """What customer and friend write to each other once the friend has the order: words, a photo, or both.

    It belongs to one friend: whoever has the order next sees none of it. ``read_at`` is when the other side saw it.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="thread")
    friend_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Side)
    who = models.CharField(max_length=121)
    words = models.TextField(max_length=2000, blank=True)
    photo = models.ImageField(upload_to="thread", blank=True)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(words="", photo=""), name="thread_message_says_something"),
            models.CheckConstraint(
                condition=models.Q(side__in=[Side.CUSTOMER, Side.FRIEND]), name="thread_message_of_the_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} on {self.order_id} at {self.written_at}"


class HiddenText(models.Model):
    """A text that a manager has taken from both sides, and whether it was shown again.

    ``text_id`` names the row that it stands in, of this schema or of the public one. While it is hidden, that row holds
    kernel.hiding.masking's sign instead of ``words``.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="hidden_texts")
    place = models.CharField(max_length=10, choices=TextPlace)
    text_id = models.CharField(max_length=36)
    words = models.TextField()
    hidden_at = models.DateTimeField()
    hidden_by = models.CharField(max_length=200)
    shown_at = models.DateTimeField(null=True)
    shown_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "place", "text_id"],
                condition=models.Q(shown_at__isnull=True),
                name="text_hidden_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.order_id}, hidden by {self.hidden_by}"
