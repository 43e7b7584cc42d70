"""App configuration."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    """Books against what others say."""

    name = "reconciliation"
