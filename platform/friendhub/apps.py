"""App configuration."""

from django.apps import AppConfig


class FriendhubConfig(AppConfig):
    """What friends see on the platform host: offers, jobs, sign-in; and the start page."""

    name = "friendhub"
