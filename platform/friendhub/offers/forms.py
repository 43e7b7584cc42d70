"""The forms about an offer, in the informal words of friends."""

from django import forms
from django.utils.translation import pgettext_lazy

from dispatch.states import DeclineReason

REASONS = {
    DeclineReason.NO_TIME: pgettext_lazy("friend", "I have no time at these hours"),
    DeclineReason.TOO_FAR: pgettext_lazy("friend", "Too far away for me"),
    DeclineReason.NOT_MY_SKILL: pgettext_lazy("friend", "Not my area"),
    DeclineReason.UNCLEAR: pgettext_lazy("friend", "The description is unclear"),
    DeclineReason.PRICE: pgettext_lazy("friend", "Not worth it for me"),
    DeclineReason.OTHER: pgettext_lazy("friend", "Another reason"),
}


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("friend", "Why does it not suit you?"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": pgettext_lazy("friend", "Please choose a reason.")},
    )
    note = forms.CharField(label=pgettext_lazy("friend", "Anything else?"), required=False, max_length=300)
