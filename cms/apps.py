"""App configuration."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Pages of the brand sites."""

    name = "cms"
