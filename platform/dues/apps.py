"""App configuration."""

from django.apps import AppConfig


class DuesConfig(AppConfig):
    """What partners owe."""

    name = "dues"
