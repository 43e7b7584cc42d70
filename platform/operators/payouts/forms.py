"""Which payouts to show, in which currency to run, and why something is refused or held."""

from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ledger.kinds import CURRENCIES
from operators.listing import Choices, ListForm
from payouts.errors import ReasonIsMissing
from payouts.states import PayoutState, Reason, RunState


class MoneyForm(ListForm):
    """Whose money, and in which currency; ``kind`` is what the list tells apart."""

    nones: ClassVar = {"kind": _("All"), "currency": _("All currencies")}
    q = forms.CharField(label=_("Name of the friend"), required=False, max_length=80)
    kind = forms.ChoiceField(required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, data: Any, *, label: Any, kinds: Choices) -> None:
        super().__init__(data, kind=kinds, currency=[(one, one) for one in CURRENCIES])
        self.fields["kind"].label = label


class WaitingForm(MoneyForm):
    """Which money that waits."""

    def __init__(self, data: Any) -> None:
        super().__init__(data, label=_("Reason"), kinds=Reason.choices)


class PayoutsForm(MoneyForm):
    """Which payouts."""

    def __init__(self, data: Any) -> None:
        super().__init__(data, label=_("State"), kinds=PayoutState.choices)


class RunsForm(MoneyForm):
    """Which runs; with a name those that have paid this friend."""

    def __init__(self, data: Any) -> None:
        super().__init__(data, label=_("State"), kinds=RunState.choices)


class RunForm(forms.Form):
    """In which currency to pay now."""

    currency = forms.ChoiceField(label=_("Currency"), error_messages={"required": _("Please choose a currency.")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="id_run_%s")
        choices = [(one, one) for one in CURRENCIES if one in settings.PAYOUT_ACCOUNTS]
        cast(forms.ChoiceField, self.fields["currency"]).choices = choices


class ReasonForm(forms.Form):
    """Why a payout is refused, or why a friend's payouts are held; the friend reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The friend will read this."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": ReasonIsMissing.message},
    )
