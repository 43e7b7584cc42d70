"""Photos that a partner's system has sent before it says what they are for."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models

KEPT_FOR = timedelta(days=1)


class Attachment(models.Model):
    """A photo that waits for its use: an answer of an order, an answer to a friend, or a message. It has one use.

    Re-encoded, so no metadata is left in it. With its use the row goes, and the file where it is not the answer's.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    image = models.ImageField(upload_to="intake")
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            # Serves the nightly clean-up.
            models.Index(fields=["created_at"], name="attachment_age"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def expires_at(self) -> datetime:
        """Until when it can be used."""
        return self.created_at + KEPT_FOR
