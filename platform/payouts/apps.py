"""App configuration."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    """Payouts to friends."""

    name = "payouts"
