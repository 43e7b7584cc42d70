"""App configuration."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Jobs, waves of offers, acceptance, overflow, deadlines."""

    name = "dispatch"
