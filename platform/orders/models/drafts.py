"""What a customer has typed so far."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models

from catalog.models import Package
from orders.states import Source


class BookingDraft(models.Model):
    """What a customer has typed so far, by step; kept until the order is placed, so going back loses nothing.

    ``data`` is ``{step: {field: value}}``; photos are rows of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    data: Any = models.JSONField(default=dict)
    source = models.CharField(max_length=6, choices=Source, default=Source.WEB)
    booked_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class DraftPhoto(models.Model):
    """A photo that answers a question of a draft; re-encoded, so no metadata is left in it."""

    draft = models.ForeignKey(BookingDraft, models.CASCADE, related_name="photos")
    question_key = models.CharField(max_length=40)
    image = models.ImageField(upload_to="intake")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "question_key"], name="draft_photo_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.question_key}"
