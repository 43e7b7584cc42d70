"""The steps of a booking as forms. What is right is said by orders.intake; the forms only ask it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from billing.methods import PaymentMethod
from catalog.kinds import QuestionKind
from catalog.models import Question
from catalog.selectors import option_texts
from kernel.answers import as_fields
from kernel.errors import DomainError
from kernel.slots import Part
from kernel.stars import StarField, StarsForm
from kernel.texts import pick
from orders.intake import Window, answer_errors, contact_errors, window_errors, write_window
from orders.photos import clean_photo
from orders.states import Criterion
from places.countries import COUNTRIES, country_by_code


class _Unjudged:
    """A field that takes whatever is typed: orders.intake says what is wrong with it, in its own words."""

    def validate(self, value: Any) -> None:
        """Judge nothing."""


class TextField(_Unjudged, forms.CharField):
    """A line or an area of text."""


class ChoiceField(_Unjudged, forms.ChoiceField):
    """One of several."""


class ChoicesField(_Unjudged, forms.MultipleChoiceField):
    """Some of several."""


class PhotoField(forms.FileField):
    """A photo, which the form itself reads."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Judge nothing."""
        return data


class PlaceForm(forms.Form):
    """Where help is needed."""

    country = forms.ChoiceField(label=_("Country"), widget=forms.RadioSelect)
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "text", "spellcheck": "false"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, countries: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [(code, COUNTRIES[code].name) for code in countries]
        country.initial = self.initial.get("country") or countries[0]
        if len(countries) == 1:
            country.widget = forms.HiddenInput()
            self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"
        self.fields["postal_code"].help_text = _("For example %(code)s") % {
            "code": ", ".join(country_by_code(code).postal_example for code in countries)
        }


class QuestionsForm(forms.Form):
    """The package's own intake questions, one field each, named by the question's key."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        questions: Sequence[Question],
        photos: set[str],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.questions, self.photos, self.language = questions, photos, language
        for question in questions:
            self.fields[question.key] = self._field(question)

    def clean(self) -> dict[str, Any]:
        """Keep good photos at hand and add intake's messages to the fields."""
        photos = self._clean_photos()
        # A broken photo has a message of its own.
        known = self.photos | set(photos) | set(self.errors)
        for key, message in answer_errors(self.questions, self.answers(), known).items():
            if key not in self.errors:
                self.add_error(key, message)
        self.cleaned_data["photos"] = photos
        return self.cleaned_data

    def answers(self) -> dict[str, str]:
        """Return what was typed by question, right or wrong, without the photos."""
        return {
            question.key: str(self.data.get(self.add_prefix(question.key), ""))
            for question in self.questions
            if question.kind != QuestionKind.PHOTO
        }

    def _clean_photos(self) -> dict[str, bytes]:
        photos = {}
        for question in self.questions:
            upload = self.files.get(self.add_prefix(question.key)) if question.kind == QuestionKind.PHOTO else None
            if upload is not None:
                try:
                    photos[question.key] = clean_photo(upload)
                except DomainError as error:
                    self.add_error(question.key, str(error))
        return photos

    def _field(self, question: Question) -> forms.Field:
        common: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": question.is_required}
        field: forms.Field
        match question.kind:
            case QuestionKind.CHOICE:
                options = [
                    (str(place), pick(texts, self.language)) for place, texts in enumerate(option_texts(question))
                ]
                field = ChoiceField(choices=options, widget=forms.RadioSelect, **common)
            case QuestionKind.NUMBER:
                limits = {"min": question.min_value, "max": question.max_value, "inputmode": "numeric"}
                field = TextField(
                    widget=forms.NumberInput({name: limit for name, limit in limits.items() if limit is not None}),
                    **common,
                )
            case QuestionKind.PHOTO:
                field = PhotoField(widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}), **common)
            case _:
                field = TextField(widget=forms.Textarea({"rows": 3}), **common)
        return field


class TimesForm(forms.Form):
    """Wished parts of the next days."""

    windows = ChoicesField(label=_("Your times"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        bookable: Mapping[date, Sequence[Window]],
        time_zone: str,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.bookable, self.time_zone, self.now = bookable, time_zone, now
        self.chosen = set(self.typed() if self.is_bound else self.initial.get("windows", []))
        windows = self.fields["windows"]
        assert isinstance(windows, forms.MultipleChoiceField)
        windows.choices = [(write_window(*window), "") for parts in bookable.values() for window in parts]

    def clean(self) -> dict[str, Any]:
        """Add intake's message."""
        as_fields(self, window_errors(self.typed(), time_zone=self.time_zone, now=self.now))
        return {"windows": self.typed()}

    def typed(self) -> list[str]:
        """Return what was chosen, right or wrong."""
        return list(self.data.getlist("windows"))  # type: ignore[attr-defined]  # a QueryDict

    def days(self) -> list[dict[str, Any]]:
        """Return the rows of the calendar: a day and its parts with value, label, id and whether it is chosen."""
        place, rows = 0, []
        for day, windows in self.bookable.items():
            parts = []
            for window in windows:
                value = write_window(*window)
                parts.append(
                    {
                        "value": value,
                        "label": Part(window[1]).label,
                        "id": f"id_windows_{place}",
                        "is_chosen": value in self.chosen,
                    }
                )
                place += 1
            rows.append({"day": day, "parts": parts})
        return rows


class ContactForm(forms.Form):
    """Who needs help, and where exactly."""

    name = TextField(label=_("First and last name"), widget=forms.TextInput({"autocomplete": "name"}))
    street = TextField(label=_("Street and number"), widget=forms.TextInput({"autocomplete": "street-address"}))
    phone = TextField(
        label=_("Phone"),
        help_text=_("The friend calls you to arrange an appointment."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    email = TextField(
        label=_("Email"),
        help_text=_("We send you the confirmation and the link to your order."),
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "spellcheck": "false"}),
    )
    note = TextField(
        label=_("How to find you"),
        help_text=_("For example floor, name on the bell, parking."),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, country: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.country = country

    def clean(self) -> dict[str, Any]:
        """Add intake's messages."""
        as_fields(self, contact_errors(self.cleaned_data, self.country))
        return self.cleaned_data


class PaymentForm(forms.Form):
    """How to pay."""

    method = forms.ChoiceField(
        label=_("How would you like to pay?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose how to pay."),
            "invalid_choice": _("Please choose how to pay."),
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, methods: Sequence[PaymentMethod], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.methods = methods
        method_field = self.fields["method"]
        assert isinstance(method_field, forms.ChoiceField)
        method_field.choices = [(method.code, method.label) for method in methods]

    @property
    def chosen(self) -> str:
        """The code of the method that is ticked."""
        return str(self["method"].value() or "")


class ProposalForm(forms.Form):
    """A date of one's own, in the time zone of the moment."""

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


class RatingForm(StarsForm):
    """Stars for the whole and for each criterion, and words."""

    criteria = dict(Criterion.choices)
    message = _("Please choose one to five stars.")
    stars = StarField(label=_("Stars"), message=message)
    words = forms.CharField(
        label=_("Your comment"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class ReportForm(forms.Form):
    """Why words do not belong there."""

    reason = forms.CharField(
        label=_("What is wrong with this comment?"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Please give a reason.")},
    )


class NoShowForm(forms.Form):
    """What happened when the friend did not come."""

    words = forms.CharField(
        label=_("What happened?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please say in a few words what happened.")},
    )
