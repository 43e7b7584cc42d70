"""App configuration."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """How a partner's customers pay, and what the platform keeps."""

    name = "billing"
