"""App configuration."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    """The platform's operators on its own host."""

    name = "operators"
