"""App configuration."""

from django.apps import AppConfig


class DevelopersConfig(AppConfig):
    """What a partner's developers connect by."""

    name = "developers"
