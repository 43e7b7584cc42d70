"""Postal codes, and which version of the data file they came from."""

from typing import ClassVar

from django.db import models


class PostalCode(models.Model):
    """A postal code with its place; ``population`` is an estimate (see data/README.md)."""

    country = models.CharField(max_length=2)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["country", "code"], name="postal_code_once_a_country")]
        # The postal codes around a place.
        indexes: ClassVar = [models.Index(fields=["latitude", "longitude"], name="postal_code_at")]

    def __str__(self) -> str:
        return f"{self.country}-{self.code} {self.name}"


class Import(models.Model):
    """The data file that was imported last, by its hash."""

    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.sha256
