"""App configuration."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    """Money that comes in on bank accounts."""

    name = "bank"
