"""App configuration."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """What a partner's managers see in the Wagtail admin: orders, packages."""

    name = "console"
