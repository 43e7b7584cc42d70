"""The forms of the friends' app, in the informal words of friends."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext_lazy

from accounts.attempts import count_try, take_back_try
from accounts.models import Kind, User
from dispatch.states import DeclineReason
from kernel.limits import TooManyAttempts
from kernel.meant import MeantForm

REASONS = {
    DeclineReason.NO_TIME: pgettext_lazy("friend", "I have no time at these hours"),
    DeclineReason.TOO_FAR: pgettext_lazy("friend", "Too far away for me"),
    DeclineReason.NOT_MY_SKILL: pgettext_lazy("friend", "Not my area"),
    DeclineReason.UNCLEAR: pgettext_lazy("friend", "The description is unclear"),
    DeclineReason.PRICE: pgettext_lazy("friend", "Not worth it for me"),
    DeclineReason.OTHER: pgettext_lazy("friend", "Another reason"),
}


class SignInForm(AuthenticationForm):
    """Mail address and password."""

    error_messages = {
        "invalid_login": pgettext_lazy("friend", "Wrong email address or password."),
        "inactive": pgettext_lazy("friend", "This account has been closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = pgettext_lazy("friend", "Email")
        self.fields["username"].widget = forms.EmailInput({"autocomplete": "username", "autofocus": True})
        self.fields["password"].label = pgettext_lazy("friend", "Password")

    def clean(self) -> dict[str, Any]:
        """Judge address and password, unless somebody has tried too often."""
        assert self.request is not None, "the view gives it"
        account = self.cleaned_data.get("username")
        if not (account and self.cleaned_data.get("password")):
            return self.cleaned_data
        try:
            count_try(self.request, account)
        except TooManyAttempts as error:
            raise ValidationError(str(error), code=error.code) from error
        judged: dict[str, Any] = super().clean()
        take_back_try(self.request, account)
        return judged

    def confirm_login_allowed(self, user: User) -> None:
        """Let friends in only: operators have a door of their own, which asks for a second factor."""
        super().confirm_login_allowed(user)
        if user.kind != Kind.FRIEND:
            raise self.get_invalid_login_error()


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("friend", "Why does it not suit you?"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": pgettext_lazy("friend", "Please choose a reason.")},
    )
    note = forms.CharField(label=pgettext_lazy("friend", "Anything else?"), required=False, max_length=300)


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
    is_paid = forms.BooleanField(label=pgettext_lazy("friend", "The customer has paid me on site"), required=False)
    why_now = forms.CharField(
        label=pgettext_lazy("friend", "Why do you close the job already?"),
        help_text=pgettext_lazy("friend", "The customer and the community manager read it."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": pgettext_lazy("friend", "Please say why you close the job already.")},
    )

    def __init__(self, *args: Any, pays_on_site: bool = True, is_early: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not pays_on_site:
            del self.fields["is_paid"]
        if not is_early:
            del self.fields["why_now"]

    def clean_is_paid(self) -> bool:
        """Return whether money has changed hands."""
        return bool(self.cleaned_data["is_paid"])
