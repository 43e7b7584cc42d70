"""App configuration."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Packages, prices and intake questions of a partner."""

    name = "catalog"
