"""The forms about a job, in the informal words of friends."""

from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from kernel.web.meant import MeantForm
from orders.signatures import LONGEST_NAME, VIEW_BOX, Signed, is_drawing


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

    signer = forms.CharField(
        label=pgettext_lazy("friend", "Name of whoever signs"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    drawing = forms.CharField(required=False, widget=forms.HiddenInput, strip=True)
    is_ticked = forms.BooleanField(
        label=pgettext_lazy("friend", "The customer is standing next to me and confirms that the work is done"),
        required=False,
    )
    view_box = VIEW_BOX
    SIGNING = ("signer", "drawing", "is_ticked")

    def __init__(self, *args: Any, pays_cash: bool = True, is_early: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not pays_cash:
            del self.fields["is_paid"]
        if not is_early:
            del self.fields["why_now"]

    def clean_is_paid(self) -> bool:
        """Return whether money has changed hands."""
        return bool(self.cleaned_data["is_paid"])

    def clean_drawing(self) -> str:
        """Return what was drawn, where it is a drawing."""
        drawing = str(self.cleaned_data["drawing"])
        if drawing and not is_drawing(drawing):
            raise forms.ValidationError(
                pgettext("friend", "This signature can't be read. Please let the customer sign again, or tick the box.")
            )
        return drawing

    def clean(self) -> dict[str, Any]:
        """Return what ``complete_job`` takes; a signature has a name, and a name a signature."""
        said = dict(self.cleaned_data)
        signer, drawing, is_ticked = (said.pop(name, None) for name in self.SIGNING)
        if (drawing or is_ticked) and not signer and "signer" not in self.errors:
            self.add_error("signer", pgettext("friend", "Please enter the name of whoever signs."))
        if signer and not (drawing or is_ticked) and "drawing" not in self.errors:
            self.add_error(
                "is_ticked", pgettext("friend", "Please let the customer sign or tick the box, or leave out the name.")
            )
        return said | {"signed": Signed(signer, drawing or "") if signer else None}

    @property
    def about_work(self) -> list[forms.BoundField]:
        """The fields about the work itself."""
        return [field for field in self if field.name not in self.SIGNING]

    @property
    def drawn(self) -> str:
        """What has been drawn so far, where it can be shown again."""
        typed = str(self["drawing"].value() or "")
        return typed if is_drawing(typed) else ""
