"""App configuration."""

from django.apps import AppConfig


class MemberhubConfig(AppConfig):
    """The community on a brand's host."""

    name = "memberhub"
