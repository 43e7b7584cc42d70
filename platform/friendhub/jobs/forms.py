"""The forms about a job, in the informal words of friends."""

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from kernel.web.meant import MeantForm


class DateForm(MeantForm):
    """A date for the customer."""

    meant_label = pgettext_lazy("friend", "Yes, I mean this time")

    starts_at = forms.DateTimeField(
        label=pgettext_lazy("friend", "Date and time"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": pgettext_lazy("friend", "Please enter a date and a time."),
            "invalid": pgettext_lazy("friend", "Please enter a date and a time."),
        },
    )
    note = forms.CharField(label=pgettext_lazy("friend", "Message to the customer"), required=False, max_length=300)


class ReportForm(forms.Form):
    """What was done on site."""

    summary = forms.CharField(
        label=pgettext_lazy("friend", "What did you do?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": pgettext_lazy("friend", "Please write in a few words what you did.")},
    )
    material = forms.CharField(label=pgettext_lazy("friend", "Material used"), required=False, max_length=300)
    minutes = forms.IntegerField(
        label=pgettext_lazy("friend", "Minutes on site"),
        min_value=1,
        max_value=1440,
        error_messages={"required": pgettext_lazy("friend", "Please enter the minutes on site.")},
    )
    is_paid = forms.BooleanField(label=pgettext_lazy("friend", "The customer has paid me in cash"), required=False)
    why_now = forms.CharField(
        label=pgettext_lazy("friend", "Why do you close the job already?"),
        help_text=pgettext_lazy("friend", "The customer and the community manager read it."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": pgettext_lazy("friend", "Please say why you close the job already.")},
    )

    def __init__(self, *args: Any, pays_cash: bool = True, is_early: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not pays_cash:
            del self.fields["is_paid"]
        if not is_early:
            del self.fields["why_now"]

    def clean_is_paid(self) -> bool:
        """Return whether money has changed hands."""
        return bool(self.cleaned_data["is_paid"])
