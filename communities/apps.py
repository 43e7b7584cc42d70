"""App configuration."""

from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    """Members of a partner's community."""

    name = "communities"
