"""How far a payment by card and a refund are."""

from django.db import models


class CardState(models.TextChoices):
    """State of one attempt to pay an order by card."""

    # Written down; whether the page is open is not known yet.
    STARTED = "started"
    OPEN = "open"
    # Nobody wants it any more; Stripe has not said yet that the page is closed.
    CLOSING = "closing"
    OVER = "over"
    PAID = "paid"
    # What Stripe says is not what was asked for; a person has to look.
    WRONG = "wrong"


# An order has one of these at most.
LIVE = (CardState.STARTED, CardState.OPEN)


class RefundState(models.TextChoices):
    """State of a refund."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"
