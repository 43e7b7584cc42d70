"""What customers have said of a friend, once it is published."""

from typing import Any, ClassVar

from django.db import models

from crowd.models.friends import Friend


class Rating(models.Model):
    """A published rating of a friend's work (R13): a copy of the customer's review without the customer's name.

    ``criteria`` maps a criterion (orders.states.Criterion) to 1 to 5 stars. A hidden one keeps its stars and loses its
    words.
    """

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="ratings")
    tenant_id = models.PositiveIntegerField()
    job_id = models.UUIDField(unique=True)
    package_name: Any = models.JSONField(default=dict)
    stars = models.PositiveSmallIntegerField()
    criteria: Any = models.JSONField(default=dict)
    words = models.TextField(max_length=1000, blank=True)
    language = models.CharField(max_length=2)
    published_at = models.DateTimeField()
    reply = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.CharField(max_length=200, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="rating_1_to_5_stars"),
            models.CheckConstraint(
                condition=models.Q(hidden_at__isnull=True) | ~models.Q(hidden_reason=""),
                name="rating_hidden_with_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["friend", "-published_at"], name="rating_of_friend")]

    def __str__(self) -> str:
        return f"{self.stars} stars for {self.friend_id}"
