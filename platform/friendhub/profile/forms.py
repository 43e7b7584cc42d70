"""The forms of a friend's profile, availability and company."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import pgettext_lazy

from crowd.availability import LONGEST_NOTE
from crowd.errors import JobLimitOutOfRange
from crowd.profiles import check_job_limit, clean_portrait
from friendhub.joining.forms import CHOOSE_LANGUAGE, MISSING, DayField, DocumentField, HomeForm, offer_skills, phone_of
from kernel.errors import DomainError
from kernel.slots import DAYS_A_WEEK, PARTS_A_DAY, Part
from places.countries import COUNTRIES
from skills.models import Skill


class ProfileForm(HomeForm):
    """All that a friend may change; ``cleaned_data`` is what the journey takes."""

    photo = forms.FileField(
        label=pgettext_lazy("friend", "Photo"),
        help_text=pgettext_lazy("friend", "JPEG, PNG or WebP. We crop it to a square and remove place and time."),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    removes_photo = forms.BooleanField(label=pgettext_lazy("friend", "Remove my photo"), required=False)
    about = forms.CharField(
        label=pgettext_lazy("friend", "About you"),
        help_text=pgettext_lazy("friend", "Two sentences for your customers."),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )
    phone = forms.CharField(
        label=pgettext_lazy("friend", "Phone"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": MISSING},
    )
    max_open_jobs = forms.IntegerField(
        label=pgettext_lazy("friend", "Open jobs at once"),
        help_text=pgettext_lazy("friend", "With so many open jobs you get no more offers until one is finished."),
        widget=forms.NumberInput({"min": 1, "max": 20, "inputmode": "numeric"}),
        error_messages={"required": JobLimitOutOfRange.message, "invalid": JobLimitOutOfRange.message},
    )
    languages = forms.MultipleChoiceField(
        label=pgettext_lazy("friend", "Which languages do you speak?"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": CHOOSE_LANGUAGE},
    )
    skill_ids = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("friend", "What are you good at?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("friend", "Language of the app and of our emails"), choices=settings.LANGUAGES
    )

    field_order = (
        "photo",
        "removes_photo",
        "about",
        "phone",
        "country",
        "postal_code",
        "radius_km",
        "travel_mode",
        "max_open_jobs",
        "languages",
        "skill_ids",
        "language",
    )

    def __init__(self, *args: Any, skills: Iterable[Skill], has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_skills(self.fields["skill_ids"], skills)
        if not has_photo:
            del self.fields["removes_photo"]

    def clean_photo(self) -> bytes | None:
        """Return the photo made anew, or None where none was chosen."""
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            return clean_portrait(upload)
        except DomainError as error:
            raise ValidationError(str(error)) from error

    def clean_max_open_jobs(self) -> int:
        """Judge the limit."""
        try:
            check_job_limit(self.cleaned_data["max_open_jobs"])
        except JobLimitOutOfRange as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["max_open_jobs"]

    def clean(self) -> dict[str, Any]:
        """Read the phone number as one of the country, and leave what the journey does not take."""
        data = super().clean()
        if data.get("phone"):
            try:
                data["phone"] = phone_of(data["phone"], data.get("country", ""))
            except ValidationError as error:
                self.add_error("phone", error)
        for name in ("country", "postal_code", "radius_km"):
            data.pop(name, None)
        data.setdefault("removes_photo", False)
        return data


class WeekForm(forms.Form):
    """At which parts of the week a friend is free; ``cleaned_data`` holds ``week``."""

    free = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        choices=[(place, place) for place in range(DAYS_A_WEEK * PARTS_A_DAY)],
    )

    def clean(self) -> dict[str, Any]:
        """Return the bits of kernel.slots."""
        return {"week": sum(1 << place for place in set(self.cleaned_data.get("free", [])))}


class ExceptionForm(forms.Form):
    """Days on which the week does not count; ``cleaned_data`` is what the service takes."""

    starts_on = DayField(label=pgettext_lazy("friend", "First day"))
    ends_on = DayField(label=pgettext_lazy("friend", "Last day"))
    parts = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("friend", "When are you free on these days?"),
        help_text=pgettext_lazy("friend", "Tick nothing if you are away."),
        coerce=int,
        required=False,
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=pgettext_lazy("friend", "Note for yourself"), required=False, max_length=LONGEST_NOTE)

    def clean(self) -> dict[str, Any]:
        """Return the bits of the parts."""
        data = self.cleaned_data
        return data | {"parts": sum(1 << part for part in set(data.get("parts", [])))}


class PauseForm(forms.Form):
    """How long a friend pauses."""

    last_day = DayField(label=pgettext_lazy("friend", "Pause up to and including"))


class InsuranceForm(forms.Form):
    """An insurance and its proof."""

    insurer = forms.CharField(
        label=pgettext_lazy("friend", "Insurance company"), max_length=120, error_messages={"required": MISSING}
    )
    policy_number = forms.CharField(
        label=pgettext_lazy("friend", "Policy number"), max_length=60, error_messages={"required": MISSING}
    )
    insured_until = DayField(label=pgettext_lazy("friend", "Insured until"))
    file = DocumentField(label=pgettext_lazy("friend", "Proof of insurance"))


class ProForm(InsuranceForm):
    """A company and its insurance."""

    company = forms.CharField(
        label=pgettext_lazy("friend", "Company"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "organization"}),
        error_messages={"required": MISSING},
    )
    country = forms.ChoiceField(label=pgettext_lazy("friend", "Country"), error_messages={"required": MISSING})
    vat_id = forms.CharField(
        label=pgettext_lazy("friend", "VAT number"),
        help_text=pgettext_lazy("friend", "For example CHE-100.155.212, DE136695976, ATU13585627, PL8567346215."),
        max_length=40,
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": MISSING},
    )
    field_order = ("company", "country", "vat_id", "insurer", "policy_number", "insured_until", "file")

    def __init__(self, *args: Any, countries: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [(code, COUNTRIES[code].name) for code in countries if code in COUNTRIES]


def week_rows(free: Mapping[int, bool]) -> list[dict[str, Any]]:
    """Return the seven rows of the week: the name of the day, and of each part place, name and whether it is free."""
    return [
        {
            "name": WEEKDAYS[weekday],
            "short_name": WEEKDAYS_ABBR[weekday],
            "parts": [
                {
                    "place": weekday * PARTS_A_DAY + part,
                    "name": part.label,
                    "is_free": free[weekday * PARTS_A_DAY + part],
                }
                for part in Part
            ],
        }
        for weekday in range(DAYS_A_WEEK)
    ]
