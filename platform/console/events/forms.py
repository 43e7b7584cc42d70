"""The form with which a manager calls an event off."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CallOffForm(forms.Form):
    """Why an event does not take place."""

    because = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("All guests read it in the email and on the event's page."),
    )
