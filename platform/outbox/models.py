"""One table of messages."""

from typing import ClassVar

from django.db import models


class Message(models.Model):
    """Something to deliver once. ``key`` says what it is, so that writing it twice changes nothing.

    How long a delivery takes is measured from ``created_at``, or from ``held_until`` where the recipient wanted it
    later, to ``sent_at``.
    """

    key = models.CharField(max_length=160, unique=True)
    topic = models.CharField(max_length=60)
    tenant_id = models.PositiveIntegerField(null=True)
    reference = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            # Serves the relay's poll for what is due.
            models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(sent_at=None, gave_up_at=None)),
            # The figures of the last day.
            models.Index(fields=["sent_at"], name="outbox_sent", condition=models.Q(sent_at__isnull=False)),
            # What an operator has to look at.
            models.Index(fields=["gave_up_at"], name="outbox_given_up", condition=models.Q(gave_up_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key
