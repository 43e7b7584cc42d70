"""Who waits for a package at a place."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models

from catalog.models import Package


class PlaceWish(models.Model):
    """Somebody wants to hear when a package can be had at a place; counts once the mail address is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    country = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=12)
    email = models.EmailField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "country", "postal_code", "email"], name="place_wish_once")
        ]

    def __str__(self) -> str:
        return f"{self.package_id} at {self.country} {self.postal_code}"
