"""Skills for the partner's own products, and the friends whom its managers certify for them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.menu import MenuItem

from console.permissions import CHANGE_PACKAGES
from crowd.errors import UnableToCertify
from crowd.models import Certificate
from journeys.friend.certify_friend import (
    add_own_skill,
    certify_by_partner,
    change_own_skill,
    own_certificates,
    retire_own_skill,
    revoke_by_partner,
)
from kernel.clock import now
from skills.errors import UnableToKeepSkill
from skills.models import Skill
from skills.selectors import groups, own_skills, skill_by_id
from staffroom.skill_forms import OwnCertifyForm, ReasonForm, SkillForm
from tenants.requests import Request


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def skill_list(request: Request) -> HttpResponse:
    """List the partner's own skills, or add one."""
    form = _form(request)
    if form.is_bound and form.is_valid():
        try:
            add_own_skill(tenant=request.tenant, who=str(request.user), now=now(), **form.values())
        except UnableToKeepSkill as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("The skill has been added. Your packages can now require it."))
            return redirect("own_skills")
    return _skills(request, form, skill=None)


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def skill_page(request: Request, skill_id: int) -> HttpResponse:
    """Rename one of the partner's own skills."""
    skill = _own(request, skill_id)
    form = _form(request, skill)
    if form.is_bound and form.is_valid():
        try:
            change_own_skill(
                tenant=request.tenant, skill_id=skill.pk, who=str(request.user), now=now(), **form.values()
            )
        except UnableToKeepSkill as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("The skill has been saved."))
            return redirect("own_skills")
    return _skills(request, form, skill=skill)


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_POST
def retire(request: Request, skill_id: int) -> HttpResponse:
    """Retire one of the partner's own skills, or bring it back."""
    skill, is_back = _own(request, skill_id), "back" in request.POST
    try:
        retire_own_skill(tenant=request.tenant, skill_id=skill.pk, is_back=is_back, who=str(request.user), now=now())
    except UnableToKeepSkill as error:
        messages.error(request, str(error))
    else:
        said = (
            _("The skill is offered again.")
            if is_back
            else _("The skill has been retired. Packages, jobs and certificates that use it keep it.")
        )
        messages.success(request, said)
    return redirect("own_skills")


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: Request) -> HttpResponse:
    """List who is certified for the partner's own products; certify a member of the community."""
    own = own_certificates(tenant=request.tenant, today=now().date())
    skills = [skill for skill in own_skills(request.tenant.pk) if not skill.is_retired]
    friends = [(str(member.id), f"{member.name}, {member.town}") for member in own.members]
    form = OwnCertifyForm(request.POST if request.method == "POST" else None, skills=skills, friends=friends)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        friend_id, skill_id = UUID(values.pop("friend")), values.pop("skill")
        try:
            certify_by_partner(
                tenant=request.tenant,
                friend_id=friend_id,
                skill_id=skill_id,
                who=str(request.user),
                now=now(),
                **values,
            )
        except UnableToCertify as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("Certificate issued. The friend has been notified by email."))
            return redirect("own_certificates")
    context: dict[str, Any] = {
        "page_title": _("Certificates"),
        "header_icon": "check",
        "own": own,
        "skills": skills,
        "form": form,
        "reason": ReasonForm(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "console/skills/own_certificates.html", context, status=status)


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_POST
def revoke(request: Request, certificate_id: int) -> HttpResponse:
    """Take back a certificate for one of the partner's own products."""
    why = request.POST.get("why", "")[:300]
    try:
        revoke_by_partner(
            tenant=request.tenant, certificate_id=certificate_id, who=str(request.user), why=why, now=now()
        )
    except Certificate.DoesNotExist as error:
        raise Http404 from error
    except UnableToCertify as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The certificate has been revoked. The friend has been notified by email."))
    return redirect("own_certificates")


class PackagesMenuItem(MenuItem):
    """A menu item for those who look after the packages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may change packages."""
        return request.user.has_perm(CHANGE_PACKAGES)


def skills_menu_item() -> MenuItem:
    """Return the menu's entry of the partner's own skills."""
    return PackagesMenuItem(gettext_lazy("Own skills"), reverse("own_skills"), icon_name="tag", order=112)


def certificates_menu_item() -> MenuItem:
    """Return the menu's entry of the certificates."""
    return PackagesMenuItem(gettext_lazy("Certificates"), reverse("own_certificates"), icon_name="check", order=113)


def _form(request: Request, skill: Skill | None = None) -> SkillForm:
    return SkillForm(
        request.POST if request.method == "POST" else None,
        groups=groups(owner=request.tenant.pk),
        skill=skill,
        languages=request.tenant.languages,
        is_own=True,
    )


def _own(request: Request, skill_id: int) -> Skill:
    try:
        skill = skill_by_id(skill_id)
    except Skill.DoesNotExist as error:
        raise Http404 from error
    if skill.owner != request.tenant.pk:
        raise Http404
    return skill


def _skills(request: Request, form: SkillForm, *, skill: Skill | None) -> HttpResponse:
    context = {
        "page_title": skill.name if skill else _("Own skills"),
        "header_icon": "tag",
        "form": form,
        "skill": skill,
        "skills": own_skills(request.tenant.pk),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "console/skills/own_skills.html", context, status=status)


urlpatterns = [
    path("own-skills/", skill_list, name="own_skills"),
    path("own-skills/<int:skill_id>/", skill_page, name="own_skill"),
    path("own-skills/<int:skill_id>/retire/", retire, name="retire_own_skill"),
    path("certificates/", certificates, name="own_certificates"),
    path("certificates/<int:certificate_id>/revoke/", revoke, name="revoke_own_certificate"),
]
