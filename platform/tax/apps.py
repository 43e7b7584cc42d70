"""App configuration."""

from django.apps import AppConfig


class TaxConfig(AppConfig):
    """What tax offices and accountants are told."""

    name = "tax"
