"""Which card payments and disputes to list."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.methods import METHODS
from ledger.kinds import CURRENCIES
from operators.listing import Choices, ListForm
from stripe_gateway.states import CardState, DisputeState
from tenants.models import Tenant

STATES: Choices = [
    (CardState.PAID, _("Paid")),
    (CardState.STARTED, _("Begun")),
    (CardState.OPEN, _("Waits for the customer")),
    (CardState.CLOSING, _("Being closed")),
    (CardState.OVER, _("Not paid")),
    (CardState.WRONG, _("Not what was asked for")),
]
DISPUTES: Choices = [
    (DisputeState.OPEN, _("To be answered")),
    (DisputeState.ANSWERED, _("The bank decides")),
    (DisputeState.WON, _("Won")),
    (DisputeState.LOST, _("Lost")),
]


# By Stripe's names, as the ways to pay have them.
WAYS: Choices = [(code, method.title) for code, method in METHODS.items() if method.is_paid_first]


class CardForm(ListForm):
    """Whose card payments or disputes, in which state and currency."""

    nones: ClassVar = {"state": _("All"), "partner": _("All partners"), "currency": _("All currencies")}
    q = forms.CharField(label=_("Order number, package or name at Stripe"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, data: Any, *, states: Choices, partners: Sequence[Tenant], **choices: Choices) -> None:
        names = [(str(partner.pk), partner.name) for partner in partners]
        super().__init__(data, state=states, partner=names, currency=[(one, one) for one in CURRENCIES], **choices)

    def wanted(self) -> dict[str, Any]:
        """Return the filter."""
        said = {"words": self.said("q"), "state": self.said("state"), "currency": self.said("currency")}
        return said | {"tenant_id": self.number("partner")}


class PaymentForm(CardForm):
    """Payments besides by the way they are paid."""

    nones: ClassVar = CardForm.nones | {"way": _("All ways to pay")}
    way = forms.ChoiceField(label=_("Way to pay"), required=False)

    def __init__(self, data: Any, *, states: Choices, partners: Sequence[Tenant]) -> None:
        super().__init__(data, states=states, partners=partners, way=WAYS)

    def wanted(self) -> dict[str, Any]:
        """Return the filter."""
        return super().wanted() | {"way": self.said("way")}
