"""The forms on an order's page."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.money import format_money
from kernel.typed.amounts import read_amount
from kernel.web.meant import MeantForm
from kernel.web.stars import StarField, StarsForm
from orders.errors import SayWhetherDone, TipOutOfRange
from orders.states import Criterion


class ProposalForm(MeantForm):
    """A date of one's own, in the time zone of the moment."""

    meant_label = _("Yes, I mean this time")

    starts_at = forms.DateTimeField(
        label=_("Date and time"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Please enter a date and a time."),
            "invalid": _("Please enter a date and a time."),
        },
    )
    note = forms.CharField(label=_("Message"), required=False, max_length=300)


class CancelForm(forms.Form):
    """What the page has said that cancelling costs, in minor units."""

    agreed = forms.IntegerField(min_value=0, required=False)

    def fee_minor(self) -> int:
        """Return what was shown; nothing where that cannot be read, so that nobody owes what they have not seen."""
        return (self.is_valid() and self.cleaned_data["agreed"]) or 0


WHAT_IS_MISSING = _("Please say in a few words what is missing.")


def words_field(label: Any, *, most: int, rows: int, missing: Any) -> forms.CharField:
    """Return a field for words that must not be missing."""
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )


class RatingForm(StarsForm):
    """Stars for the whole and for each criterion, and words."""

    criteria = dict(Criterion.choices)
    message = _("Please choose one to five stars.")
    stars = StarField(label=_("Stars"), message=message)
    words = forms.CharField(
        label=_("Your comment"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    is_done = forms.TypedChoiceField(
        label=_("Is the work done?"),
        required=False,
        choices=[("yes", _("Yes, it is done, but I am not satisfied")), ("no", _("No, it is not done"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    asks_whether_done = False

    def ask_whether_done(self) -> None:
        """Show the question, which only a low rating of unconfirmed work needs, with what was typed."""
        self.asks_whether_done = True
        self.add_error("is_done", str(SayWhetherDone.message))

    def ask_what_is_missing(self) -> None:
        """Want words for work that is not done."""
        self.asks_whether_done = True
        self.add_error("words", WHAT_IS_MISSING)

    def rating(self) -> dict[str, Any]:
        """Return stars, criteria and words, and whether the work is done where that was asked."""
        return super().rating() | {"is_done": self.cleaned_data.get("is_done")}


class NotDoneForm(forms.Form):
    """What is missing."""

    words = words_field(_("What is not done, or does not work?"), most=1000, rows=3, missing=WHAT_IS_MISSING)


class ReportForm(forms.Form):
    """Why words do not belong there."""

    reason = words_field(_("What is wrong with this comment?"), most=300, rows=2, missing=_("Please give a reason."))


class TextReportForm(forms.Form):
    """Which question of a friend does not belong there."""

    words = words_field(
        _("Which text is it, and what is wrong with it?"), most=300, rows=2, missing=_("Please give a reason.")
    )


class NoShowForm(forms.Form):
    """What happened when the friend did not come."""

    words = words_field(_("What happened?"), most=500, rows=3, missing=_("Please say in a few words what happened."))


class FeeForm(forms.Form):
    """Why the fee for not having been there is not owed."""

    words = words_field(_("Why do you see it differently?"), most=500, rows=3, missing=_("Please give a reason."))


OWN_AMOUNT = "own"
# What is usual, in minor units; whoever wants to give something else types it.
USUAL_TIPS = {"EUR": (300, 500, 1_000), "CHF": (500, 1_000, 2_000), "PLN": (1_000, 2_000, 5_000)}


class TipForm(forms.Form):
    """How much a customer gives on top."""

    choice = forms.ChoiceField(label=_("How much?"), widget=forms.RadioSelect, required=False)
    amount = forms.CharField(
        label=_("Another amount"), required=False, max_length=12, widget=forms.TextInput({"inputmode": "decimal"})
    )

    def __init__(self, *args: Any, currency: str, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((str(minor), _written(minor, currency, country)) for minor in USUAL_TIPS[currency]),
            (OWN_AMOUNT, _("Another amount")),
        ]

    def clean(self) -> dict[str, Any]:
        """Return the amount in minor units; what is typed counts more than what is chosen."""
        cleaned = super().clean() or {}
        choice, amount = cleaned.get("choice", ""), cleaned.get("amount", "")
        if not amount and choice not in {"", OWN_AMOUNT}:
            return {"amount_minor": int(choice)}
        try:
            return {"amount_minor": read_amount(amount, self._currency).minor}
        except ValueError:
            self.add_error("amount", str(TipOutOfRange.message))
            return {}


class WithdrawalForm(forms.Form):
    """Which order somebody withdraws from; its number and email together are what a guest knows."""

    number = forms.CharField(
        label=_("Order number"), max_length=20, error_messages={"required": _("Please enter the order number.")}
    )
    email = forms.EmailField(
        label=_("Email with which you booked"),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Please enter your email."), "invalid": _("Please enter a valid email.")},
    )


def _written(minor: int, currency: str, country: str) -> str:
    return format_money(minor, currency, language=get_language() or "", country=country)
