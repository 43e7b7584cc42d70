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


class Purpose(models.TextChoices):
    """What the money of an attempt is for: the order, or a tip for whoever did its work."""

    ORDER = "order"
    TIP = "tip"


# An order has one of these at most, whatever for: a tip is given once the order waits for nothing.
LIVE = (CardState.STARTED, CardState.OPEN)


class RefundState(models.TextChoices):
    """State of a refund."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"
    # It has failed, and an operator has let another stand for it.
    REPLACED = "replaced"
    # An operator has sent the money another way.
    BY_HAND = "by_hand"
    # The customer has had the money from the bank, by a dispute.
    BY_BANK = "by_bank"


# The customer has the money.
REFUNDS_DONE = (RefundState.MADE, RefundState.BY_HAND, RefundState.BY_BANK)


class DisputeState(models.TextChoices):
    """State of a dispute."""

    OPEN = "open"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"


# The money is neither ours nor the customer's.
UNDECIDED_DISPUTES = (DisputeState.OPEN, DisputeState.ANSWERED)
