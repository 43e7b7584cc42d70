"""App configuration."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    """What customers see on a brand site: catalogue, booking, order status."""

    name = "storefront"
