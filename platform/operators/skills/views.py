"""The tree of skills, as operators look after it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.certificates import holders
from journeys.friend.change_skill import rename_or_move_skill
from journeys.reads.skill_use import skill_use
from kernel.clock import now
from operators.access import OperatorRequest, operator_required
from skills.errors import UnableToKeepSkill
from skills.models import Skill
from skills.selectors import groups, skill_by_id, skill_tree
from skills.services import add_skill, bring_back_skill, retire_skill
from staffroom.skill_forms import SkillForm
from tenants.selectors import partner_names


@operator_required
@require_safe
def tree(request: OperatorRequest) -> HttpResponse:
    """Show all skills with how many friends have them, partners' own ones last."""
    branches = skill_tree()
    every = [skill for branch in branches for skill in (branch.skill, *branch.leaves)]
    counts = holders([skill.pk for skill in every], today=now().date())
    owners = partner_names({skill.owner for skill in every if skill.owner is not None})
    rows = [
        (
            branch.skill,
            _row(branch.skill, counts, owners),
            [(leaf, _row(leaf, counts, owners)) for leaf in branch.leaves],
        )
        for branch in branches
    ]
    context = {
        "section": "crowd",
        "part": "skills",
        "general": [row for row in rows if row[0].owner is None],
        "own": [row for row in rows if row[0].owner is not None],
    }
    return render(request, "operators/skills/skills.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OperatorRequest) -> HttpResponse:
    """Add a skill."""
    form = SkillForm(request.POST if request.method == "POST" else None, groups=groups())
    if form.is_bound and form.is_valid():
        try:
            skill = add_skill(who=str(request.operator), now=now(), **form.values())
        except UnableToKeepSkill as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("The skill has been added. Packages and friends can choose it now."))
            return redirect("operators:skill", skill.pk)
    return _page(request, form)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def skill(request: OperatorRequest, skill_id: int) -> HttpResponse:
    """Show a skill with its use; rename or move it. A partner's own one is the partner's to change."""
    found = _skill(skill_id)
    form = SkillForm(request.POST if request.method == "POST" else None, groups=groups(), skill=found)
    if form.is_bound and form.is_valid() and found.owner is None:
        try:
            rename_or_move_skill(skill_id=found.pk, who=str(request.operator), now=now(), **form.values())
        except UnableToKeepSkill as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("The skill has been saved."))
            return redirect("operators:skill", found.pk)
    declared, certified = holders([found.pk], today=now().date()).get(found.pk, (0, 0))
    more = {
        "skill": found,
        "declared": declared,
        "certified": certified,
        "owner": partner_names([found.owner]).get(found.owner) if found.owner else "",
        "use": skill_use(found.slug) if "packages" in request.GET else None,
    }
    return _page(request, form, **more)


@operator_required
@require_POST
def retire(request: OperatorRequest, skill_id: int) -> HttpResponse:
    """Retire a skill, or bring it back."""
    is_back = "back" in request.POST
    act = bring_back_skill if is_back else retire_skill
    try:
        act(skill_id=skill_id, who=str(request.operator), now=now())
    except Skill.DoesNotExist as error:
        raise Http404 from error
    except UnableToKeepSkill as error:
        messages.error(request, str(error))
    else:
        said = (
            _("The skill is offered again.")
            if is_back
            else _("The skill has been retired. Packages, jobs and certificates that use it keep it.")
        )
        messages.success(request, said)
    return redirect("operators:skill", skill_id)


def _row(skill: Skill, counts: dict[int, tuple[int, int]], owners: dict[int, str]) -> dict[str, Any]:
    declared, certified = counts.get(skill.pk, (0, 0))
    return {"declared": declared, "certified": certified, "owner": owners.get(skill.owner or 0, "")}


def _skill(skill_id: int) -> Skill:
    try:
        return skill_by_id(skill_id)
    except Skill.DoesNotExist as error:
        raise Http404 from error


def _page(request: OperatorRequest, form: SkillForm, **more: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"section": "crowd", "part": "skills", "form": form} | more
    return render(request, "operators/skills/skill.html", context, status=status)
