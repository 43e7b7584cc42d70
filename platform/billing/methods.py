"""The one seam behind which ways to pay live: one more way is one more entry in ``METHODS``."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from tenants.settings.ways import PARTNER_PAYS, WAYS


class PaymentState(models.TextChoices):
    """Where the customer's money is."""

    DUE_ON_SITE = "due_on_site", _("To be paid on site")
    TO_INVOICE = "to_invoice", _("To be invoiced")
    WAITING = "waiting", _("Waiting for payment")
    PAID = "paid", _("Paid")
    NOTHING_DUE = "nothing_due", _("Nothing to pay")


class UnknownPaymentMethod(DomainError):
    """Nobody can pay that way here."""

    message = _("Please choose how to pay.")
    code, status = "unknown_payment_method", 422


@dataclass(frozen=True)
class PaymentMethod:
    """A way to pay. ``state_at_booking`` is where the money is once the order is placed.

    ``paid`` says that it was paid that way. The codes of those that are paid online are Stripe's names for them;
    ``is_slow`` is one whose bank says yes or no days later.
    """

    code: str
    label: Promise | str
    explanation: Promise | str
    icon: str
    state_at_booking: PaymentState
    is_on_site: bool = False
    # One word for it, within a sentence.
    name: Promise | str = ""
    paid: Promise | str = field(default_factory=lambda: PaymentState.PAID.label)
    is_slow: bool = False

    @property
    def is_paid_first(self) -> bool:
        """Say whether nobody is asked before the money is there."""
        return self.state_at_booking == PaymentState.WAITING

    @property
    def is_by_provider(self) -> bool:
        """Say whether a payment provider has the money, so that it goes back the way it came."""
        return self.is_paid_first or self.code == "card_on_site"

    @property
    def title(self) -> Promise | str:
        """Its name by itself, as a list has it."""
        return {"card": _("Card"), "sepa_debit": _("Direct debit (SEPA)")}.get(self.code, self.name)

    @property
    def again(self) -> str:
        """What the button says that leads to the provider's page once more."""
        return gettext("Pay by card") if self.code == "card" else gettext("Pay now: %(way)s") % {"way": self.name}

    @property
    def countries(self) -> frozenset[str]:
        """The countries in which customers have it."""
        return WAYS[self.code]


def _online(code: str, name: str, explanation: Promise) -> PaymentMethod:
    """Return a way of a country's own that is paid at booking, on the provider's page."""
    return PaymentMethod(
        code=code,
        label=name,
        explanation=explanation,
        icon="phone" if code in {"twint", "blik"} else "money",
        state_at_booking=PaymentState.WAITING,
        name=name,
        paid=format_lazy(_("Paid with {way}"), way=name),
    )


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
)
CARD = PaymentMethod(
    code="card",
    label=_("By card, now"),
    explanation=_("You pay on the secure page of our payment provider. If you cancel, you get your money back."),
    icon="card",
    state_at_booking=PaymentState.WAITING,
    name=_("card"),
    paid=_("Paid by card"),
)
SEPA = PaymentMethod(
    code="sepa_debit",
    label=_("By direct debit (SEPA)"),
    explanation=_(
        "You enter your IBAN on the secure page of our payment provider. We ask friends as soon as your bank has "
        "confirmed the payment, usually within five working days."
    ),
    icon="list",
    state_at_booking=PaymentState.WAITING,
    name=_("direct debit"),
    paid=_("Paid by direct debit"),
    is_slow=True,
)
SITE_CARD = PaymentMethod(
    code="card_on_site",
    label=_("By card, on site"),
    explanation=_("You pay by card when the work is done, on your own phone or on the friend's card reader."),
    icon="card",
    state_at_booking=PaymentState.DUE_ON_SITE,
    is_on_site=True,
    name=_("card"),
    paid=_("Paid by card"),
)
LOCAL = (
    _online("twint", "TWINT", _("You pay now in the TWINT app. If you cancel, you get your money back.")),
    _online(
        "blik", "BLIK", _("You pay now with a code from your banking app. If you cancel, you get your money back.")
    ),
    _online("p24", "Przelewy24", _("You pay now in your online banking. If you cancel, you get your money back.")),
    _online("eps", "EPS", _("You pay now in your online banking. If you cancel, you get your money back.")),
)
# Where the partner pays the package, or a voucher covers its price: no customer chooses it.
BY_PARTNER = PaymentMethod(
    code=PARTNER_PAYS,
    label=_("Paid by the partner"),
    explanation="",
    icon="check",
    state_at_booking=PaymentState.NOTHING_DUE,
)
# In the order in which they are offered.
METHODS: dict[str, PaymentMethod] = {
    code: method for code in WAYS for method in (*LOCAL, CARD, SEPA, SITE_CARD, CASH, INVOICE) if method.code == code
}


def method_by_code(code: str) -> PaymentMethod:
    """Return a way to pay.

    Raises UnknownPaymentMethod.
    """
    try:
        return BY_PARTNER if code == PARTNER_PAYS else METHODS[code]
    except KeyError as error:
        raise UnknownPaymentMethod from error


def is_paid_online(code: str) -> bool:
    """Say whether an order with this way to pay is paid on the provider's page, before anybody is asked."""
    return method_by_code(code).is_paid_first
