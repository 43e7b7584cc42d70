"""App configuration."""

from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    """Newsletters and who gets them."""

    name = "newsletters"
