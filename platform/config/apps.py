"""App configuration of the top floor."""

from django.apps import AppConfig


class QuartettConfig(AppConfig):
    """Commands that concern the whole installation live in this app."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401, PLC0415  # they read the settings
