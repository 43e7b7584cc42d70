"""What happens between acceptance and money."""

from typing import ClassVar

from django.db import models

from crowd.models import Friend
from dispatch.models.jobs import Job
from dispatch.states import Channel, OwedFor


class ContactAttempt(models.Model):
    """A friend has tried to reach the customer."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="contact_attempts")
    search = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.job_id} by {self.channel} at {self.at}"


class Owed(models.Model):
    """What a friend is owed for a job beyond the work itself, in minor units; for the ledger to settle."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="owed")
    friend = models.ForeignKey(Friend, models.PROTECT, related_name="owed")
    why = models.CharField(max_length=12, choices=OwedFor)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "friend", "why"], name="owed_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=1), name="owed_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} to {self.friend_id} for {self.why}"
