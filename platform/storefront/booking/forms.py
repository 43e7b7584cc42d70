"""The forms of a booking's steps; what is right, orders.intake says."""

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
from kernel.errors import DomainError
from kernel.slots import Part
from kernel.templatetags.quartett import words
from kernel.web.answers import as_fields
from orders.early_start import early_start_words
from orders.intake import Window, answer_errors, contact_errors, known_windows, window_errors, write_window
from orders.photos import clean_photo
from storefront.booking.company import CompanyFields
from storefront.fields import ChoiceField, ChoicesField, PhotoField, TextField

DAYS_A_WEEK = 7


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


class ContactForm(CompanyFields):
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
        self.suit(country)

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


class VoucherForm(forms.Form):
    """The code of a voucher."""

    code = TextField(
        label=_("Voucher code"),
        max_length=40,
        error_messages={"required": _("Please enter the code of your voucher.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class EarlyStartForm(forms.Form):
    """What consumers consent to whose wished times lie within the days of withdrawal; nothing for all others."""

    early_start = forms.BooleanField(
        error_messages={"required": _("Please tick this, or choose times after the withdrawal period.")}
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, is_needed: bool, is_for_caller: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        if not is_needed:
            del self.fields["early_start"]
            return
        self.fields["early_start"].label = early_start_words()
        if is_for_caller:
            self.fields["early_start"].help_text = _("Please read this to the caller and tick it if they agree.")

    def words(self) -> str:
        """Return the words that were ticked, or nothing."""
        return early_start_words() if self.cleaned_data.get("early_start") else ""
