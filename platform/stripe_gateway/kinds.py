"""Who takes the customers' cards."""

from django.db import models


class Provider(models.TextChoices):
    """A company that takes card payments for the platform."""

    STRIPE = "stripe", "Stripe"
    SUMUP = "sumup", "SumUp"
    # Takes test cards in sandboxes, and no money.
    SANDBOX = "sandbox", "Sandbox"
