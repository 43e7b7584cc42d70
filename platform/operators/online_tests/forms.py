"""The operators' forms of online tests and their questions, with every text in all languages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crowd.horizon import MOST_YEARS_AHEAD
from crowd.models import OnlineTest, PoolQuestion
from crowd.papers import MOST_CHOICES, Choice
from crowd.states import Grade, OnlineTestKind
from kernel.web.answers import as_fields
from skills.models import Skill
from staffroom.skill_forms import name_in_tree

LANGUAGES = dict(settings.LANGUAGES)
FIGURES = ("draws", "minutes", "pass_percent", "retry_hours", "valid_months")


class OnlineTestForm(forms.Form):
    """A test: what it is for, its texts, its figures."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OnlineTestKind.choices, initial=OnlineTestKind.SKILL)
    skill = forms.TypedChoiceField(
        label=_("Skill"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Leave empty for the onboarding test."),
    )
    grade = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        choices=[(grade.value, grade.label) for grade in (Grade.FRIEND, Grade.PRO)],
        initial=Grade.FRIEND.value,
    )
    draws = forms.IntegerField(label=_("Questions drawn"), min_value=1, max_value=50, initial=6)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=240, initial=12)
    pass_percent = forms.IntegerField(label=_("Pass mark in percent"), min_value=1, max_value=100, initial=80)
    retry_hours = forms.IntegerField(label=_("Hours before a retry"), min_value=0, max_value=2160, initial=24)
    valid_months = forms.IntegerField(
        label=_("Months of validity"),
        min_value=1,
        max_value=12 * MOST_YEARS_AHEAD,
        required=False,
        help_text=_("If empty, the certificate does not expire."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, skills: list[Skill], test: OnlineTest | None = None
    ) -> None:
        super().__init__(data, label_suffix="", initial=_values_of_test(test) if test else None)
        for code, language in LANGUAGES.items():
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": language}, max_length=120, required=False
            )
            self.fields[f"intro_{code}"] = forms.CharField(
                label=_("Introduction (%(language)s)") % {"language": language},
                max_length=600,
                required=False,
                widget=forms.Textarea({"rows": 3}),
            )
        field = self.fields["skill"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "…"), *((skill.pk, name_in_tree(skill)) for skill in skills)]

    def rules(self) -> list[forms.BoundField]:
        """Return the fields about what the test is for and how it goes."""
        return [self[name] for name in ("kind", "skill", "grade", *FIGURES)]

    def texts(self) -> list[forms.BoundField]:
        """Return title and introduction, language by language."""
        return [self[f"{name}_{code}"] for code in LANGUAGES for name in ("title", "intro")]

    def values(self) -> dict[str, Any]:
        """Return what ``save_test`` takes."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "skill_id": data["skill"],
            "grade": data["grade"],
            "title": {code: data[f"title_{code}"] for code in LANGUAGES},
            "intro": {code: data[f"intro_{code}"] for code in LANGUAGES},
            **{name: data[name] for name in FIGURES},
        }

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put a rule's messages beside the fields."""
        as_fields(self, {name if name in self.fields else "__all__": words for name, words in faults.items()})


class QuestionForm(forms.Form):
    """A question with its choices and its explanation, in all languages."""

    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("A question that is not complete yet can be saved without being in use."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, question: PoolQuestion | None = None) -> None:
        super().__init__(data, label_suffix="", initial=_values_of_question(question) if question else None)
        for number in range(MOST_CHOICES):
            self.fields[f"right_{number}"] = forms.BooleanField(
                label=_("Choice %(number)s") % {"number": number + 1}, required=False
            )
        for code in LANGUAGES:
            self.fields[f"text_{code}"] = _long(_("Question"))
            for number in range(MOST_CHOICES):
                self.fields[f"choice_{number}_{code}"] = forms.CharField(
                    label=_("Choice %(number)s") % {"number": number + 1}, max_length=300, required=False
                )
            self.fields[f"explanation_{code}"] = _long(_("Explanation"))

    def rights(self) -> list[tuple[forms.BoundField, str]]:
        """Return the marks of the right choices, each with the choice's text in the language of the moment."""
        code = get_language() or "en"
        return [
            (self[f"right_{number}"], self[f"choice_{number}_{code}"].value() or "") for number in range(MOST_CHOICES)
        ]

    def languages(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """Return the texts, a group for each language."""
        parts = ("text", *(f"choice_{number}" for number in range(MOST_CHOICES)), "explanation")
        return [(code, name, [self[f"{part}_{code}"] for part in parts]) for code, name in LANGUAGES.items()]

    def values(self) -> dict[str, Any]:
        """Return what ``save_question`` takes; a choice without any text is none."""
        data = self.cleaned_data
        choices: list[Choice] = [
            {
                "text": {code: data[f"choice_{number}_{code}"] for code in LANGUAGES},
                "is_right": data[f"right_{number}"],
            }
            for number in range(MOST_CHOICES)
        ]
        return {
            "text": {code: data[f"text_{code}"] for code in LANGUAGES},
            "choices": [choice for choice in choices if any(choice["text"].values())],
            "explanation": {code: data[f"explanation_{code}"] for code in LANGUAGES},
            "is_active": data["is_active"],
        }


def _long(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=600, required=False, widget=forms.Textarea({"rows": 2}))


def _values_of_test(test: OnlineTest) -> dict[str, Any]:
    figures = {name: getattr(test, name) for name in FIGURES}
    texts = {
        f"{name}_{code}": texts.get(code, "")
        for name, texts in (("title", test.title), ("intro", test.intro))
        for code in LANGUAGES
    }
    return {"kind": test.kind, "skill": test.skill_id, "grade": test.grade, **figures, **texts}


def _values_of_question(question: PoolQuestion) -> dict[str, Any]:
    found: dict[str, Any] = {"is_active": question.is_active}
    for code in LANGUAGES:
        found[f"text_{code}"] = question.text.get(code, "")
        found[f"explanation_{code}"] = question.explanation.get(code, "")
    for number, choice in enumerate(question.choices):
        found[f"right_{number}"] = choice["is_right"]
        for code in LANGUAGES:
            found[f"choice_{number}_{code}"] = choice["text"].get(code, "")
    return found
