"""App configuration."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """What every floor may use."""

    name = "kernel"
