"""App configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The partner API."""

    name = "api"
