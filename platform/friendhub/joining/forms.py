"""The steps of signing up, and the fields that the profile shares with them. What is right is said by the crowd."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import User
from crowd.documents import DocumentFile, clean_document
from crowd.errors import RadiusOutOfRange
from crowd.onboarding import METRES_A_KM, check_birth, check_radius
from kernel.errors import DomainError
from kernel.slots import DAYS_A_WEEK, PARTS_A_DAY
from kernel.travel import Mode
from kernel.typed.phones import NotAPhoneNumber, clean_phone
from kernel.wording.texts import labelled
from places.countries import COUNTRIES, UnknownCountry
from places.errors import UnknownPostalCode
from places.selectors import find_place
from skills.models import Skill

MISSING = pgettext_lazy("friend", "Please fill this in.")
NOT_A_DATE = pgettext_lazy("friend", "Please enter a date.")
CHOOSE_LANGUAGE = pgettext_lazy("friend", "Please choose at least one language.")
CHOOSE_SKILL = pgettext_lazy("friend", "Please choose at least one.")
CHOOSE_TIME = pgettext_lazy("friend", "Please choose at least one time.")
CHOOSE_FILE = pgettext_lazy("friend", "Please choose a file.")
START_RADIUS_KM = 20


class DayField(forms.DateField):
    """A day, as browsers send it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": NOT_A_DATE, "invalid": NOT_A_DATE},
            **kwargs,
        )


class DocumentField(forms.FileField):
    """A PDF or a picture, by its content; ``cleaned_data`` holds a DocumentFile."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            help_text=pgettext_lazy("friend", "PDF, JPEG or PNG, at most 10 MB."),
            widget=forms.FileInput({"accept": "application/pdf,image/jpeg,image/png"}),
            error_messages=dict.fromkeys(("required", "invalid", "missing", "empty"), CHOOSE_FILE),
            **kwargs,
        )

    def clean(self, data: UploadedFile | None, initial: Any = None) -> DocumentFile:  # type: ignore[override]  # a DocumentFile, no file
        """Return what the file really is."""
        upload = super().clean(data, initial)
        try:
            return clean_document(upload)
        except DomainError as error:
            raise ValidationError(str(error)) from error


class HomeForm(forms.Form):
    """Where somebody lives and how far they go; ``cleaned_data`` holds ``place`` and ``radius_m`` too."""

    country = forms.ChoiceField(
        label=pgettext_lazy("friend", "Country"),
        choices=[(code, country.name) for code, country in COUNTRIES.items()],
        widget=forms.Select({"autocomplete": "country"}),
        error_messages={"required": MISSING, "invalid_choice": UnknownCountry.message},
    )
    postal_code = forms.CharField(
        label=pgettext_lazy("friend", "Postal code"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "postal-code", "spellcheck": "false"}),
        error_messages={"required": MISSING},
    )
    radius_km = forms.IntegerField(
        label=pgettext_lazy("friend", "Travel radius in kilometres"),
        help_text=pgettext_lazy("friend", "As the crow flies, from your home. You can change it at any time."),
        initial=START_RADIUS_KM,
        widget=forms.NumberInput({"min": 1, "max": 100, "inputmode": "numeric"}),
        error_messages={"required": RadiusOutOfRange.message, "invalid": RadiusOutOfRange.message},
    )
    travel_mode = forms.ChoiceField(
        label=pgettext_lazy("friend", "How do you get to your customers?"),
        help_text=pgettext_lazy("friend", "We use it to estimate how long the way to a job takes you."),
        initial=Mode.TRANSIT,
        choices=[(mode.value, capfirst(mode.label)) for mode in Mode],
        error_messages={"required": MISSING},
    )

    def clean(self) -> dict[str, Any]:
        """Look the place up and judge the radius."""
        data = self.cleaned_data
        if data.get("country") and data.get("postal_code"):
            try:
                data["place"] = find_place(data["country"], data["postal_code"])
            except UnknownPostalCode:
                unknown = pgettext("friend", "We do not know this postal code. Please check it.")
                self.add_error("postal_code", unknown)
        if "radius_km" in data:
            data["radius_m"] = data["radius_km"] * METRES_A_KM
            try:
                check_radius(data["radius_m"])
            except RadiusOutOfRange as error:
                self.add_error("radius_km", str(error))
        return data


class AccountForm(forms.Form):
    """Who somebody is; ``cleaned_data`` holds ``password_hash``. ``kept_hash`` is that of a password typed before."""

    first_name = forms.CharField(
        label=pgettext_lazy("friend", "First name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "given-name"}),
        error_messages={"required": MISSING},
    )
    last_name = forms.CharField(
        label=pgettext_lazy("friend", "Last name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "family-name"}),
        error_messages={"required": MISSING},
    )
    born_on = DayField(
        label=pgettext_lazy("friend", "Date of birth"),
        help_text=pgettext_lazy("friend", "Friends are at least 18. We check it once, and nobody else sees it."),
    )
    email = forms.EmailField(
        label=pgettext_lazy("friend", "Email"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": MISSING,
            "invalid": pgettext_lazy("friend", "Please enter an email address, for example ben@example.com."),
        },
    )
    phone = forms.CharField(
        label=pgettext_lazy("friend", "Phone"),
        max_length=40,
        help_text=pgettext_lazy("friend", "Only customers whose job you have accepted see it."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": MISSING},
    )
    password = forms.CharField(
        label=pgettext_lazy("friend", "Password"),
        max_length=128,
        help_text=pgettext_lazy("friend", "At least 10 characters."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": MISSING},
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("friend", "Language of the app and of our emails"), choices=settings.LANGUAGES
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, country: str, kept_hash: str, today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.country, self.kept_hash, self.today = country, kept_hash, today
        if kept_hash:
            self.fields["password"].required = False
            kept = pgettext("friend", "You have chosen one already. Type another one to change it.")
            self.fields["password"].help_text = kept

    def clean_born_on(self) -> date:
        """Refuse who is not of full age."""
        try:
            check_birth(self.cleaned_data["born_on"], today=self.today)
        except DomainError as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["born_on"]

    def clean_phone(self) -> str:
        """Return the number as machines keep it."""
        return phone_of(self.cleaned_data["phone"], self.country)

    def clean_password(self) -> str:
        """Refuse a password that is easily guessed."""
        password = self.cleaned_data["password"]
        if password:
            known = {name: self.cleaned_data.get(name, "") for name in ("email", "first_name", "last_name")}
            validate_password(password, User(**known))
        return password

    def clean(self) -> dict[str, Any]:
        """Hash the password, or keep the hash of the one before."""
        password = self.cleaned_data.pop("password", "")
        self.cleaned_data["password_hash"] = make_password(password) if password else self.kept_hash
        return self.cleaned_data


class SkillsForm(forms.Form):
    """What somebody speaks and can do, and when they have time."""

    languages = forms.MultipleChoiceField(
        label=pgettext_lazy("friend", "Which languages do you speak?"),
        help_text=pgettext_lazy("friend", "You get jobs from customers who speak one of them."),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": CHOOSE_LANGUAGE},
    )
    skill_ids = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("friend", "What are you good at?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": CHOOSE_SKILL},
    )

    free_week = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("friend", "When do you usually have time?"),
        help_text=pgettext_lazy("friend", "You get jobs that fit these hours. You can change them at any time."),
        coerce=int,
        choices=[(place, place) for place in range(DAYS_A_WEEK * PARTS_A_DAY)],
        error_messages={"required": CHOOSE_TIME},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, skills: Iterable[Skill], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offer_skills(self.fields["skill_ids"], skills)

    def clean_free_week(self) -> int:
        """Return the bits of kernel.slots."""
        return sum(1 << place for place in set(self.cleaned_data["free_week"]))


class CommunitiesForm(forms.Form):
    """Whose community somebody joins, and whether jobs of all partners reach them."""

    communities = forms.MultipleChoiceField(
        label=pgettext_lazy("friend", "Which communities do you want to join?"),
        help_text=pgettext_lazy("friend", "A community gets the jobs of its brand first."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    in_shared_crowd = forms.BooleanField(
        label=pgettext_lazy("friend", "Yes, offer me jobs from other brands too"),
        help_text=pgettext_lazy("friend", "When a brand's own community has nobody free, its jobs go to everybody."),
        required=False,
        initial=True,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, partners: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        communities = self.fields["communities"]
        assert isinstance(communities, forms.MultipleChoiceField)
        communities.choices = partners
        if not partners:
            del self.fields["communities"]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two, for without them no job would ever come."""
        data = self.cleaned_data
        if not data.get("communities") and not data.get("in_shared_crowd") and "communities" not in self.errors:
            self.add_error("communities", pgettext("friend", "Choose a community or jobs from other brands."))
        return data


class NewLinkForm(forms.Form):
    """Where another link to confirm the address goes."""

    email = AccountForm.base_fields["email"]


class DocumentForm(forms.Form):
    """A proof of age."""

    file = DocumentField(label=pgettext_lazy("friend", "Identity card, passport or driving licence"))


def phone_of(raw: str, country: str) -> str:
    """Return the number as machines keep it; read without a prefix as one of the country.

    Raises ValidationError in the words for friends.
    """
    try:
        return clean_phone(raw, country)
    except NotAPhoneNumber as error:
        raise ValidationError(pgettext("friend", "Please enter a phone number with the area code.")) from error


def offer_skills(field: forms.Field, skills: Iterable[Skill]) -> None:
    """Let the field choose among these skills, each under the name of its branch."""
    assert isinstance(field, forms.TypedMultipleChoiceField)
    field.choices = [
        (skill.pk, labelled(skill.parent.name, skill.name) if skill.parent else skill.name) for skill in skills
    ]
