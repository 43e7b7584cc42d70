"""The form of a package: which skills out of the tree it needs, and which of them must be certified."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from console.panels import LanguageForm
from console.skill_forms import name_in_tree
from skills.models import Skill
from skills.selectors import usable_skills
from tenants.context import current_tenant


class PackageForm(LanguageForm):
    """A package. Skills are chosen by name; retired ones only stay where the package has them already."""

    skills = forms.MultipleChoiceField(
        label=_("Skills needed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one skill.")},
    )
    certificates = forms.MultipleChoiceField(
        label=_("Certificates needed"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = list(self.instance.skills or [])
        tenant = current_tenant()
        found = usable_skills(owner=tenant.pk if tenant else None, kept=kept)
        known = {skill.slug for skill in found}
        # A skill that this partner cannot see any more stays until somebody takes it out.
        choices = [(skill.slug, _label(skill)) for skill in found] + [(one, one) for one in kept if one not in known]
        for name in ("skills", "certificates"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a certificate for a skill that the package does not need."""
        values = super().clean() or self.cleaned_data
        if set(values.get("certificates", ())) - set(values.get("skills", ())) and "skills" in values:
            self.add_error("certificates", _("Tick only skills that the package needs."))
        return values


def _label(skill: Skill) -> str:
    name = name_in_tree(skill)
    if skill.is_retired:
        return _("%(skill)s (retired)") % {"skill": name}
    if skill.needs_certificate:
        return _("%(skill)s (always certified)") % {"skill": name}
    return name
