"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo: three marked partners, the direct brand, two thousand friends, and the journey that plays it all."""

    name = "demo"
