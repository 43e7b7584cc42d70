"""The states of a payout, and what keeps money from being paid."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PayoutState(models.TextChoices):
    """Where a payout is. What is set off moves no money: cash in the friend's hands has eaten it up."""

    ORDERED = "ordered", _("Ordered")
    CONFIRMED = "confirmed", _("Paid")
    REFUSED = "refused", _("Refused by the bank")
    RETURNED = "returned", _("Came back")
    SET_OFF = "set_off", _("Offset against cash")


class RunState(models.TextChoices):
    """How far a run is, as the list tells runs apart."""

    UNDER_WAY = "under_way", _("Under way")
    WAITS = "waits", _("Waits for the bank")
    FINISHED = "finished", _("Finished")


class HoldKind(models.TextChoices):
    """Who keeps payouts back: an operator with words of theirs, or the law until seller data are there."""

    OPERATOR = "operator", _("Payouts on hold")
    TAX = "tax", _("Tax details missing")


class Reason(models.TextChoices):
    """Why money is not paid, as operators read it."""

    HELD = "held", _("Payouts on hold")
    TAX = "tax", _("Tax details missing")
    NO_ACCOUNT = "no_account", _("No bank account")
    REFUSED = "refused", _("The bank refused the account")
    CONNECT = "connect", _("Stripe account not ready")
    OTHER_CURRENCY = "other_currency", _("The account does not take this currency")
    SMALL = "small", _("Below the minimum")
    NEXT_RUN = "next_run", _("Waits for the next run")


# Why Stripe has not made a transfer, as it is kept; what an operator says stands as it is.
NO_FUNDS, NOT_TAKEN, NOT_MADE = "stripe:no_funds", "stripe:not_taken", "stripe:not_made"
REFUSALS = {
    NO_FUNDS: _("Our balance at Stripe was too low for it."),
    NOT_TAKEN: _("The Stripe account could not take it."),
    NOT_MADE: _("Stripe did not make the transfer."),
}
NOT_CONFIRMED = _("Not confirmed by the bank")

# The same to the friend.
REASONS_TO_FRIEND = {
    Reason.HELD: pgettext_lazy("friend", "Your payouts are on hold."),
    Reason.TAX: pgettext_lazy("friend", "By law we may not pay you until we have your tax details."),
    Reason.NO_ACCOUNT: pgettext_lazy("friend", "We don't know your bank account yet."),
    Reason.REFUSED: pgettext_lazy("friend", "The bank refused your last payout. Please enter your account again."),
    Reason.CONNECT: pgettext_lazy("friend", "Your Stripe account isn't ready yet."),
    Reason.OTHER_CURRENCY: pgettext_lazy("friend", "Your account doesn't take this currency."),
    Reason.SMALL: pgettext_lazy("friend", "It is below the minimum and will be added to your next earnings."),
    Reason.NEXT_RUN: pgettext_lazy("friend", "It will be in the next payout."),
}
