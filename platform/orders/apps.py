"""App configuration."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Customers' orders of a partner."""

    name = "orders"
