"""App configuration."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """The staff's door."""

    name = "signin"
