"""The forms with which a manager calls an event off, and writes to its guests."""

from uuid import uuid4

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


class LetterForm(forms.Form):
    """What a manager writes to all who signed up; sent twice, it goes once."""

    letter_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    subject = forms.CharField(label=_("Subject"), max_length=120)
    text = forms.CharField(
        label=_("Your message"), max_length=4000, widget=forms.Textarea({"rows": 6}),
        help_text=_("Everybody who has a seat or waits for one gets it, with date, place and a link to cancel."),
    )  # fmt: skip
