"""App configuration."""

from django.apps import AppConfig


class CrowdConfig(AppConfig):
    """Friends of the shared crowd and of the partners' communities."""

    name = "crowd"
