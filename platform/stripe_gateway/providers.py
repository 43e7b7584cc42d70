"""The seam behind which those are who take cards: one more is one more class in ``PROVIDERS``."""

from typing import Protocol

from kernel.clock import now
from stripe_gateway import client, sumup
from stripe_gateway.client import Page
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardPayment, CardRefund
from stripe_gateway.selectors import merchant_of
from stripe_gateway.states import LIVE, RefundState
from stripe_gateway.till import Till


class OnSiteProvider(Protocol):
    """Who takes cards, on a hosted page or a card reader.

    Each method raises UnableToReachProvider where asking again may help, RefusedByProvider where it does not.
    """

    # Whether a refund that is asked for twice under one key is made once.
    knows_keys: bool

    def open(self, payment: CardPayment) -> str:
        """Open the payment's hosted page and return its id; asked for again, it is the same page."""

    def read(self, payment: CardPayment, session_id: str) -> Page:
        """Return how the payment stands there."""

    def close(self, payment: CardPayment, session_id: str) -> None:
        """Let nobody pay any more; nothing happens where it is paid or closed already."""

    def give_back(self, refund: CardRefund) -> tuple[str | None, bool]:
        """Send money back; return the refund's id there, where it has one, and whether it has not failed."""


class StripePages:
    """Stripe's hosted Checkout."""

    knows_keys = True

    def open(self, payment: CardPayment) -> str:
        """Open a session."""
        return client.open_page(payment.asked, key=payment.key)

    def read(self, payment: CardPayment, session_id: str) -> Page:
        """Return how a session stands."""
        return client.read_page(session_id)

    def close(self, payment: CardPayment, session_id: str) -> None:
        """Expire a session."""
        client.close_page(session_id)

    def give_back(self, refund: CardRefund) -> tuple[str | None, bool]:
        """Make a refund."""
        return client.give_back(
            str(refund.payment.intent_id),
            amount_minor=refund.amount_minor,
            metadata={"card_payment": str(refund.payment_id), "card_refund": str(refund.pk)},
            key=f"card-refund:{refund.pk}",
        )


class SumUp:
    """SumUp's hosted checkout, and its Solo readers."""

    knows_keys = False

    def open(self, payment: CardPayment) -> str:
        """Open a checkout."""
        return sumup.open_page(payment.asked)

    def read(self, payment: CardPayment, session_id: str) -> Page:
        """Return how a checkout stands, or what a reader has brought."""
        if not payment.reader:
            return sumup.read_page(session_id)
        # What the reader was doing when it was stopped may still come.
        is_over = now() >= payment.expires_at
        return sumup.read_reader(merchant_of(payment.currency), session_id, is_over=is_over)

    def close(self, payment: CardPayment, session_id: str) -> None:
        """Deactivate a checkout, or stop a reader unless it asks for somebody else's card by now."""
        if payment.reader:
            if CardPayment.objects.filter(reader=payment.reader, state__in=LIVE).exclude(pk=payment.pk).exists():
                return
            sumup.stop_reader(merchant_of(payment.currency), payment.reader)
        else:
            sumup.close_page(session_id)

    def give_back(self, refund: CardRefund) -> tuple[str | None, bool]:
        """Refund a transaction; SumUp gives refunds no name of their own."""
        payment = refund.payment
        made = CardRefund.objects.filter(payment=payment, state=RefundState.MADE)
        sumup.give_back(
            merchant_of(payment.currency),
            str(payment.intent_id),
            amount_minor=refund.amount_minor,
            made_minor=sum(made.values_list("amount_minor", flat=True)),
        )
        return None, True


PROVIDERS: dict[str, OnSiteProvider] = {
    Provider.STRIPE: StripePages(),
    Provider.SUMUP: SumUp(),
    Provider.SANDBOX: Till(),
}


def provider_of(payment: CardPayment) -> OnSiteProvider:
    """Return who takes a payment."""
    return PROVIDERS[payment.provider]
