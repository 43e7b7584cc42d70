"""The forms on an order's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.meant import MeantForm
from kernel.stars import StarField, StarsForm
from orders.errors import SayWhetherDone
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
