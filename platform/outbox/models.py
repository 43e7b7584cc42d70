"""One table of messages."""

from typing import ClassVar

from django.db import models


class Message(models.Model):
    """Something to deliver once. ``key`` says what it is, so that writing it twice changes nothing."""

    key = models.CharField(max_length=160, unique=True)
    topic = models.CharField(max_length=60)
    tenant_id = models.PositiveIntegerField(null=True)
    reference = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            # Serves the relay's poll for what is due.
            models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(sent_at=None, gave_up_at=None))
        ]

    def __str__(self) -> str:
        return self.key
