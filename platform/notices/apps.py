"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What is said to whom."""

    name = "notices"
