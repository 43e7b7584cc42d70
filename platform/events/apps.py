"""App configuration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events and who comes."""

    name = "events"
