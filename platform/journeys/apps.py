"""App configuration."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """Stories that cross apps."""

    name = "journeys"
