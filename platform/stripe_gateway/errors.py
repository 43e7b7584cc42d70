"""What can go wrong with payments by card."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnableToReachProvider(DomainError):
    """The provider is away, or its answer got lost; what was asked for may have been done."""

    message = _("The payment page cannot be reached at the moment. Please try again, or choose another way to pay.")
    code, status = "card_page_away", 503


class UnableToReachStripe(UnableToReachProvider):
    """Stripe is away."""


class UnableToReachSumUp(UnableToReachProvider):
    """SumUp is away."""


class RefusedByProvider(DomainError):
    """The provider does not do what it was asked for, and will not do it next time either."""

    message = _("The payment is not possible. Please choose another way to pay.")
    code, status = "card_refused", 502

    @property
    def why(self) -> str:
        """Stripe's word for why, where it has said one."""
        said = getattr(self.__cause__, "error", None)
        return str(getattr(self.__cause__, "code", None) or getattr(said, "code", None) or "")


class NoStripeAccount(DomainError):
    """Somebody has no account at Stripe, or uses it no more."""

    code = "no_stripe_account"


class RefusedByStripe(RefusedByProvider):
    """Stripe does not do it."""


class RefusedBySumUp(RefusedByProvider):
    """SumUp does not do it."""


class ReaderNotReady(RefusedBySumUp):
    """The card reader is switched off, has no network, or is busy with another payment."""

    message = _("The card reader is not ready. Please check that it is switched on and not in use.")
    code, status = "reader_not_ready", 409


class ForgedEvent(DomainError):
    """A webhook that Stripe has not signed, or too long ago."""

    message = _("This message is not signed.")
    code, status = "forged_event", 400


class RefundTooHigh(DomainError):
    """More would go back to the card than has come from it."""

    message = _("No more can be refunded than was paid.")
    code, status = "refund_too_high", 422
