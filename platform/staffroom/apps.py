"""App configuration."""

from django.apps import AppConfig


class StaffroomConfig(AppConfig):
    """What managers and operators share."""

    name = "staffroom"
