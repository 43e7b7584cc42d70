"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What is said to whom, in which language."""

    name = "notifications"
