"""Forms about skills and certificates, for operators and managers alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crowd.states import Grade
from kernel.web.answers import as_fields
from kernel.wording.texts import labelled
from skills.models import Skill

LANGUAGES = dict(settings.LANGUAGES)


class SkillForm(forms.Form):
    """A skill: its names, where it stands, whether it needs a certificate."""

    parent = forms.TypedChoiceField(label=_("Group"), required=False, coerce=int, empty_value=None)
    needs_certificate = forms.BooleanField(
        label=_("Needs a certificate"),
        required=False,
        help_text=_("Then only certified friends are asked for such jobs."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        groups: Sequence[Skill],
        skill: Skill | None = None,
        languages: Sequence[str] = tuple(LANGUAGES),
        is_own: bool = False,
    ) -> None:
        initial = _values_of(skill) if skill else {"needs_certificate": is_own}
        super().__init__(data, label_suffix="", initial=initial)
        self.languages = languages
        for code in languages:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name (%(language)s)") % {"language": LANGUAGES[code]}, max_length=80, required=not is_own
            )
        self.order_fields([*(f"name_{code}" for code in languages), "parent", "needs_certificate"])
        field = self.fields["parent"]
        assert isinstance(field, forms.TypedChoiceField)
        own = [skill.parent] if skill and skill.parent and skill.parent not in groups else []
        known = [group for group in [*own, *groups] if skill is None or group.pk != skill.pk]
        field.choices = [("", _("No group")), *((group.pk, group.name) for group in known)]

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        data = self.cleaned_data
        return {
            "names": {code: data[f"name_{code}"] for code in self.languages},
            "parent_id": data["parent"],
            "needs_certificate": data["needs_certificate"],
        }

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put a rule's messages beside the fields."""
        as_fields(self, {name if name in self.fields else "__all__": words for name, words in faults.items()})


class CertifyForm(forms.Form):
    """A certificate by hand: for which skill, how good, how long, on what proof."""

    skill = forms.TypedChoiceField(
        label=_("Skill"), coerce=int, error_messages={"required": _("Please choose a skill from the list.")}
    )
    grade = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        choices=[(grade.value, grade.label) for grade in (Grade.FRIEND, Grade.PRO)],
        initial=Grade.FRIEND.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a level.")},
    )
    valid_from = forms.DateField(
        label=_("Valid from"),
        required=False,
        help_text=_("If left empty: from today."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day. If left empty, it does not expire."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(
        label=_("Proof and reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For example the diploma you have seen. It is shown in the history, which the friend can read."),
        error_messages={"required": _("Please say which proof you have seen.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, skills: Sequence[Skill], **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        field = self.fields["skill"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "…"), *((skill.pk, name_in_tree(skill)) for skill in skills)]

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put a rule's messages beside the fields."""
        as_fields(self, {name if name in self.fields else "__all__": words for name, words in faults.items()})


class OwnCertifyForm(CertifyForm):
    """A partner's certificate for one of its own products, for a member of its community."""

    friend = forms.ChoiceField(
        label=_("Friend"), error_messages={"required": _("Please choose a friend from the list.")}
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        skills: Sequence[Skill],
        friends: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, skills=skills, **kwargs)
        del self.fields["grade"]
        self.fields["why"].required = False
        self.fields["why"].help_text = _(
            "For example the training. It is shown in the history, which the friend can read."
        )
        field = self.fields["friend"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "…"), *friends]
        self.order_fields(["friend", "skill", "valid_from", "valid_until", "why"])


class ReasonForm(forms.Form):
    """Why a certificate is taken back."""

    why = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The friend reads it."),
        error_messages={"required": _("Please give a reason; the friend reads it.")},
    )


def name_in_tree(skill: Skill) -> str:
    """Return a skill's name behind that of its group."""
    return labelled(skill.parent.name, skill.name) if skill.parent else skill.name


def _values_of(skill: Skill) -> dict[str, Any]:
    names = {f"name_{code}": getattr(skill, f"name_{code}") or "" for code in LANGUAGES}
    return names | {"parent": skill.parent_id, "needs_certificate": skill.needs_certificate}
