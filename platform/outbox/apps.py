"""App configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """What leaves the database."""

    name = "outbox"
