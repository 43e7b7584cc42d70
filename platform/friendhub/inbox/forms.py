"""The forms of a friend's notices."""

from typing import Any, Self

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import pgettext, pgettext_lazy

from notifications.kinds import NoticeKind
from notifications.models import NoticePreference
from places.zones import zone_choices

TIME = {"invalid": pgettext_lazy("friend", "Please write the time like this: 22:00.")}


class PreferenceForm(forms.Form):
    """What comes on which channel, and when not."""

    push = forms.MultipleChoiceField(
        label=pgettext_lazy("friend", "By push to your devices"),
        choices=NoticeKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mail = forms.MultipleChoiceField(
        label=pgettext_lazy("friend", "By email"),
        choices=NoticeKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    quiet_from = forms.TimeField(
        label=pgettext_lazy("friend", "Quiet from"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=TIME,
    )
    quiet_until = forms.TimeField(
        label=pgettext_lazy("friend", "Quiet until"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=TIME,
    )
    time_zone = forms.ChoiceField(label=pgettext_lazy("friend", "Time zone"))

    def __init__(self, *args: Any, home_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = zone_choices(home_zone, self.initial.get("time_zone", ""))

    @classmethod
    def showing(cls, preference: NoticePreference, *, home_zone: str) -> Self:
        """Return the form as the friend has filled it in last."""
        initial = {
            "push": [kind for kind in NoticeKind if kind not in preference.no_push],
            "mail": [kind for kind in NoticeKind if kind not in preference.no_mail],
            "quiet_from": preference.quiet_from,
            "quiet_until": preference.quiet_until,
            "time_zone": preference.time_zone or home_zone,
        }
        return cls(initial=initial, home_zone=home_zone)

    def rows(self) -> list[tuple[str, BoundWidget, BoundWidget]]:
        """Return each kind with its box for push and its box for mail."""
        return [
            (push.choice_label, push, mail)
            for push, mail in zip(self["push"].subwidgets, self["mail"].subwidgets, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of the quiet hours, or for none."""
        values = super().clean() or {}
        begins, ends = values.get("quiet_from"), values.get("quiet_until")
        if begins and not ends and "quiet_until" not in self.errors:
            self.add_error("quiet_until", pgettext("friend", "Please say as well when your quiet hours end."))
        if ends and not begins and "quiet_from" not in self.errors:
            self.add_error("quiet_from", pgettext("friend", "Please say as well when your quiet hours begin."))
        if begins and begins == ends:
            same = pgettext(
                "friend", "Your quiet hours would never end. Please choose another time, or leave both empty."
            )
            self.add_error("quiet_until", same)
        return values


class DeviceForm(forms.Form):
    """What a browser says of its push subscription. Nobody types these."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=120)
    auth = forms.CharField(max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = pgettext_lazy("friend", "Push could not be set up in this browser. Please try again.")
        for field in self.fields.values():
            field.error_messages = dict.fromkeys(("required", "max_length"), missing)
