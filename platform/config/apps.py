"""App configuration of the top floor."""

from django.apps import AppConfig


class QuartettConfig(AppConfig):
    """Commands that concern the whole installation live in this app."""

    name = "config"
    label = "config"
