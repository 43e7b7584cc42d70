"""App configuration."""

from django.apps import AppConfig


class StripeGatewayConfig(AppConfig):
    """Payments by card, through Stripe."""

    name = "stripe_gateway"
