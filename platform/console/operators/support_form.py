"""The form by which an operator asks for access to a partner."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tenants.errors import ReasonTooShort
from tenants.support import DURATIONS_MIN, LONGEST_REASON, SHORTEST_REASON


def _duration_names() -> list[tuple[int, str]]:
    return [
        (minutes, ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes})
        for minutes in DURATIONS_MIN
    ]


class SupportForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The partner reads it, in the admin and by e-mail."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": ReasonTooShort.message, "min_length": ReasonTooShort.message},
    )
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        choices=_duration_names,
        coerce=int,
        initial=DURATIONS_MIN[1],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose a duration."),
            "invalid_choice": _("Please choose a duration."),
        },
    )
