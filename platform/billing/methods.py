"""The one seam behind which ways to pay live: one more way is one more entry in ``METHODS``."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class PaymentState(models.TextChoices):
    """Where the customer's money is."""

    DUE_ON_SITE = "due_on_site", _("To be paid on site")
    TO_INVOICE = "to_invoice", _("To be invoiced")
    WAITING = "waiting", _("Waiting for payment")
    PAID = "paid", _("Paid")


class UnknownPaymentMethod(DomainError):
    """Nobody can pay that way here."""

    message = _("Please choose how to pay.")
    code, status = "unknown_payment_method", 422


@dataclass(frozen=True)
class PaymentMethod:
    """A way to pay. ``state_at_booking`` is where the money is once the order is placed."""

    code: str
    label: Promise
    explanation: Promise
    icon: str
    state_at_booking: PaymentState
    is_on_site: bool
    is_by_card: bool = False
    countries: frozenset[str] = frozenset({"CH", "DE", "AT", "PL"})

    @property
    def is_paid_first(self) -> bool:
        """Say whether nobody is asked before the money is there."""
        return self.state_at_booking == PaymentState.WAITING


CASH = PaymentMethod(
    code="cash",
    label=_("In cash, on site"),
    explanation=_("You pay the friend when the work is done."),
    icon="money",
    state_at_booking=PaymentState.DUE_ON_SITE,
    is_on_site=True,
)
INVOICE = PaymentMethod(
    code="invoice",
    label=_("By invoice"),
    explanation=_("You pay after the work is done, when you have the invoice."),
    icon="inbox",
    state_at_booking=PaymentState.TO_INVOICE,
    is_on_site=False,
)
CARD = PaymentMethod(
    code="card",
    label=_("By card, now"),
    explanation=_("You pay on the secure page of our payment provider. If you cancel, you get your money back."),
    icon="card",
    state_at_booking=PaymentState.WAITING,
    is_on_site=False,
    is_by_card=True,
)
SITE_CARD = PaymentMethod(
    code="card_on_site",
    label=_("By card, on site"),
    explanation=_("You pay by card when the work is done, on your own phone or on the friend's card reader."),
    icon="card",
    state_at_booking=PaymentState.DUE_ON_SITE,
    is_on_site=True,
    is_by_card=True,
)
METHODS: dict[str, PaymentMethod] = {method.code: method for method in (CARD, SITE_CARD, CASH, INVOICE)}


def method_by_code(code: str) -> PaymentMethod:
    """Return a way to pay.

    Raises UnknownPaymentMethod.
    """
    try:
        return METHODS[code]
    except KeyError as error:
        raise UnknownPaymentMethod from error
