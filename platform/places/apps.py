"""App configuration."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Countries and postal codes."""

    name = "places"
