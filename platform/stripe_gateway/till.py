"""The till of the sandboxes: it takes test cards, asks no provider, and moves no money. Run on the platform."""

from django.db.models import JSONField, Value
from django.db.models.functions import Cast

from stripe_gateway.client import Page, SeenDispute
from stripe_gateway.models import CardPayment, CardRefund

# Stripe's numbers for what a card does, as developers know them; every other one is declined.
GOOD, DISPUTED = "4242424242424242", "4000000000000259"
# Where an attempt stands, beside what was asked for.
STANDS, PAID, CLOSED = "till", "paid", "closed"


class Till:
    """Takes test cards. Whatever it is asked about stands on the payment's own row."""

    knows_keys = True

    def open(self, payment: CardPayment) -> str:
        """Return a name for the attempt."""
        return f"till_{payment.pk.hex}"

    def read(self, payment: CardPayment, session_id: str) -> Page:
        """Return how an attempt stands."""
        stands = _asked(payment).get(STANDS)
        is_paid = stands == PAID
        return Page(
            session_id=session_id,
            url=str(payment.asked["success_url"]),
            status="complete" if is_paid else "expired" if stands == CLOSED else "open",
            is_paid=is_paid,
            amount_minor=payment.amount_minor,
            received_minor=payment.amount_minor if is_paid else 0,
            currency=payment.currency,
            reference=str(payment.pk),
            intent_id=f"pi_{session_id}" if is_paid else "",
        )

    def close(self, payment: CardPayment, session_id: str) -> None:
        """Take no card for an attempt any more."""
        if _asked(payment).get(STANDS) != PAID:
            _note(payment, CLOSED)

    def give_back(self, refund: CardRefund) -> tuple[str | None, bool]:
        """Say that the money is back."""
        return f"re_till_{refund.pk.hex}", True


def take_card(payment: CardPayment, *, number: str) -> bool:
    """Let a test card pay for an attempt, and say whether it did."""
    is_good = number in {GOOD, DISPUTED}
    if is_good:
        _note(payment, PAID)
    return is_good


def dispute_of(payment: CardPayment) -> SeenDispute:
    """Return the dispute of a payment, as a customer's bank begins it."""
    return SeenDispute(
        dispute_id=f"dp_till_{payment.pk.hex}",
        status="needs_response",
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        reason="fraudulent",
        due_by=None,
    )


def _asked(payment: CardPayment) -> dict[str, object]:
    asked: dict[str, object] = CardPayment.objects.values_list("asked", flat=True).get(pk=payment.pk)
    return asked


def _note(payment: CardPayment, stands: str) -> None:
    asked = Value(_asked(payment) | {STANDS: stands}, JSONField())
    CardPayment.objects.filter(pk=payment.pk).update(asked=Cast(asked, JSONField()))
