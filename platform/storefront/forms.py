"""The steps of a booking as forms. What is right is said by orders.intake; the forms only ask it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.methods import PaymentMethod
from catalog.kinds import QuestionKind
from catalog.languages import texts_of
from catalog.models import Question
from catalog.selectors import option_texts
from kernel.answers import as_fields
from kernel.errors import DomainError
from kernel.meant import MeantForm
from kernel.slots import Part
from kernel.stars import StarField, StarsForm
from kernel.templatetags.quartett import words
from orders.errors import SayWhetherDone
from orders.intake import Window, answer_errors, contact_errors, known_windows, window_errors, write_window
from orders.photos import clean_photo
from orders.states import Criterion
from places.countries import COUNTRIES, country_by_code

DAYS_A_WEEK = 7


class _Unjudged:
    """A field that takes whatever is typed: orders.intake says what is wrong with it, in its own words."""

    def validate(self, value: Any) -> None:
        """Judge nothing."""


class TextField(_Unjudged, forms.CharField):
    """A line or an area of text; ``preview`` is what friends read of it, where that is less."""

    preview = ""


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
    """Where help is needed. The country is the one whose prices stand beside it, so nobody is asked twice."""

    country = forms.ChoiceField(label=_("Country"), widget=forms.HiddenInput)
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
        typed = data.get("country") if data is not None else self.initial.get("country")
        self.shown_country = str(typed) if typed in countries else countries[0]
        country.initial = self.shown_country
        example = country_by_code(self.shown_country).postal_example
        self.fields["postal_code"].help_text = _("For example %(code)s") % {"code": example}
        if example.isdigit():
            self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"


class WishForm(forms.Form):
    """Where to write when somebody comes to a place."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Please fill in this field."),
            "invalid": _("Please enter an email address like name@example.com."),
        },
    )


class QuestionsForm(forms.Form):
    """The package's own intake questions, one field each, named by the question's key."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        questions: Sequence[Question],
        photos: set[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.questions, self.photos = questions, photos
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
        common: dict[str, Any] = {
            "label": words(texts_of(question, "label")),
            "help_text": words(texts_of(question, "help")),
            "required": question.is_required,
        }
        field: forms.Field
        match question.kind:
            case QuestionKind.CHOICE:
                options = [(str(place), words(texts)) for place, texts in enumerate(option_texts(question))]
                field = ChoiceField(choices=options, widget=forms.RadioSelect, **common)
            case QuestionKind.NUMBER:
                common["help_text"] = " ".join(filter(None, (question.help, _range_of(question))))
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


def _range_of(question: Question) -> str:
    """Say which numbers answer a question, where not all do."""
    limits = {"least": question.min_value, "most": question.max_value}
    if question.min_value is not None and question.max_value is not None:
        return gettext("From %(least)d to %(most)d.") % limits
    if question.max_value is not None:
        return gettext("At most %(most)d.") % limits
    return gettext("At least %(least)d.") % limits if question.min_value is not None else ""


class TimesForm(forms.Form):
    """Wished parts of the next days."""

    windows = ChoicesField(label=_("Your times"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        bookable: Mapping[date, Sequence[Window]],
        time_zone: str,
        days_ahead: int,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.bookable, self.time_zone, self.days_ahead, self.now = bookable, time_zone, days_ahead, now
        self.chosen = set(self.typed() if self.is_bound else self.initial.get("windows", []))
        windows = self.fields["windows"]
        assert isinstance(windows, forms.MultipleChoiceField)
        windows.choices = [(write_window(*window), "") for parts in bookable.values() for window in parts]

    def clean(self) -> dict[str, Any]:
        """Add intake's message."""
        faults = window_errors(self.typed(), time_zone=self.time_zone, days_ahead=self.days_ahead, now=self.now)
        as_fields(self, faults)
        return {"windows": self.kept()}

    def typed(self) -> list[str]:
        """Return what was chosen, right or wrong."""
        return list(self.data.getlist("windows"))  # type: ignore[attr-defined]  # a QueryDict

    @property
    def part_names(self) -> list[str]:
        """The columns of the calendar."""
        return [str(part.label) for part in Part]

    def kept(self) -> list[str]:
        """Return what was chosen and is a time, each once."""
        return [write_window(*window) for window in known_windows(self.typed())]

    def weeks(self) -> list[dict[str, Any]]:
        """Return the calendar: seven days at a time, each with its parts, and whether something in it is chosen."""
        places = count()
        days: list[dict[str, Any]] = [
            {"day": day, "parts": [self._cell(part, windows, places) for part in Part.values]}
            for day, windows in self.bookable.items()
        ]
        return [
            {"days": week, "is_chosen": any(part and part["is_chosen"] for one in week for part in one["parts"])}
            for week in (days[begin : begin + DAYS_A_WEEK] for begin in range(0, len(days), DAYS_A_WEEK))
        ]

    def _cell(self, part: int, windows: Sequence[Window], places: Iterator[int]) -> dict[str, Any] | None:
        """Return value, label, id and choice of a part of a day; nothing where it has begun."""
        window = next((one for one in windows if one[1] == part), None)
        if window is None:
            return None
        value = write_window(*window)
        return {
            "value": value,
            "label": Part(part).label,
            "id": f"id_windows_{next(places)}",
            "is_chosen": value in self.chosen,
        }


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


class ProposalForm(MeantForm):
    """A date of one's own, in the time zone of the moment."""

    meant_label = _("Yes, I mean this time")

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


WHAT_IS_MISSING = _("Please say in a few words what is missing.")


def words_field(label: Any, *, most: int, rows: int, missing: Any) -> forms.CharField:
    """Return a field for words that must not be missing."""
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )


class RatingForm(StarsForm):
    """Stars for the whole and for each criterion, and words."""

    criteria = dict(Criterion.choices)
    message = _("Please choose one to five stars.")
    stars = StarField(label=_("Stars"), message=message)
    words = forms.CharField(
        label=_("Your comment"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    is_done = forms.TypedChoiceField(
        label=_("Is the work done?"),
        required=False,
        choices=[("yes", _("Yes, it is done, but I am not satisfied")), ("no", _("No, it is not done"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    asks_whether_done = False

    def ask_whether_done(self) -> None:
        """Show the question, which only a low rating of unconfirmed work needs, with what was typed."""
        self.asks_whether_done = True
        self.add_error("is_done", str(SayWhetherDone.message))

    def ask_what_is_missing(self) -> None:
        """Want words for work that is not done."""
        self.asks_whether_done = True
        self.add_error("words", WHAT_IS_MISSING)

    def rating(self) -> dict[str, Any]:
        """Return stars, criteria and words, and whether the work is done where that was asked."""
        return super().rating() | {"is_done": self.cleaned_data.get("is_done")}


class NotDoneForm(forms.Form):
    """What is missing."""

    words = words_field(_("What is not done, or does not work?"), most=1000, rows=3, missing=WHAT_IS_MISSING)


class ReportForm(forms.Form):
    """Why words do not belong there."""

    reason = words_field(_("What is wrong with this comment?"), most=300, rows=2, missing=_("Please give a reason."))


class TextReportForm(forms.Form):
    """Which question of a friend does not belong there."""

    words = words_field(
        _("Which text is it, and what is wrong with it?"), most=300, rows=2, missing=_("Please give a reason.")
    )


class NoShowForm(forms.Form):
    """What happened when the friend did not come."""

    words = words_field(_("What happened?"), most=500, rows=3, missing=_("Please say in a few words what happened."))
