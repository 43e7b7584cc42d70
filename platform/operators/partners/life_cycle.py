"""A partner is suspended, resumed, renamed, exported, deleted after a grace period, or kept after all."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journeys.partner.leave_platform import archive_of, ask_to_leave
from kernel.clock import now
from kernel.errors import DomainError
from operators.access import OperatorRequest, operator_required
from operators.partners.life_cycle_forms import DeleteForm, RenameForm, SuspendForm
from operators.partners.operations import operation_or_404
from operators.partners.views import partner_or_404
from tenants.errors import OpenJobs, UnableToRename
from tenants.lifecycle.life_cycle import rename_tenant, request_owner, resume_tenant, suspend_tenant, undo_deletion
from tenants.models import OperationKind, Tenant
from tenants.selectors import operations_of

EXPORTS_SHOWN = 5


@operator_required
@require_safe
def life_cycle(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show where the partner is in its life, and what can be done about it."""
    return _page(request, partner_or_404(slug))


@operator_required
@require_POST
def suspend(request: OperatorRequest, slug: str) -> HttpResponse:
    """Close the brand site behind a notice, with a reason."""
    form = SuspendForm(request.POST)
    if not form.is_valid():
        partner = partner_or_404(slug)
        return _page(request, partner, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form, suspend_form=form)
    close = partial(suspend_tenant, reason=form.cleaned_data["reason"])
    return _move(request, slug, close, _("The site is closed. Existing orders continue."))


@operator_required
@require_POST
def resume(request: OperatorRequest, slug: str) -> HttpResponse:
    """Open the brand site again."""
    return _move(request, slug, resume_tenant, _("The site is open again."))


@operator_required
@require_POST
def undelete(request: OperatorRequest, slug: str) -> HttpResponse:
    """Keep a partner that was to be deleted."""
    return _move(request, slug, undo_deletion, _("Deletion cancelled: the partner stays."))


@operator_required
@require_POST
def rename(request: OperatorRequest, slug: str) -> HttpResponse:
    """Give the partner another name or address."""
    partner = partner_or_404(slug)
    form = RenameForm(request.POST, tenant=partner)
    if not form.is_valid():
        return _page(request, partner, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form, rename_form=form)
    try:
        renamed = rename_tenant(tenant=partner, who=str(request.operator), now=now(), **form.cleaned_data)
    except UnableToRename as error:
        form.show_faults(error.fields)
        return _page(request, partner, status=error.status, form=form, rename_form=form)
    messages.success(request, _("The partner has been renamed."))
    return redirect("operators:life_cycle", renamed.slug)


@operator_required
@require_POST
def export(request: OperatorRequest, slug: str) -> HttpResponse:
    """Let the owner's worker write an archive."""
    partner = partner_or_404(slug)
    operation = request_owner(kind=OperationKind.EXPORT, tenant=partner, who=str(request.operator), now=now())
    return redirect("operators:operation", operation.pk)


@operator_required
@require_safe
def archive(request: OperatorRequest, operation_id: UUID) -> HttpResponse:
    """Hand an archive out."""
    path = archive_of(operation_or_404(operation_id))
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="application/zip")
    # Django's stubs have no common name for what a view may return.
    return cast(HttpResponse, answer)


@operator_required
@require_POST
def delete(request: OperatorRequest, slug: str) -> HttpResponse:
    """Close the brand site and set the day of deletion, once the short name was typed."""
    partner = partner_or_404(slug)
    form = DeleteForm(request.POST, tenant=partner)
    if not form.is_valid():
        return _page(request, partner, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form, delete_form=form)
    try:
        ask_to_leave(
            tenant=partner,
            who=str(request.operator),
            now=now(),
            even_with_open_jobs=form.cleaned_data["even_with_open_jobs"],
        )
    except OpenJobs as error:
        form.add_error("even_with_open_jobs", str(error))
        return _page(request, partner, status=error.status, form=form, delete_form=form)
    except DomainError as error:
        return _page(request, partner, status=error.status, refusal=str(error))
    messages.success(request, _("The site has been closed. Until the day of deletion this can be undone."))
    return redirect("operators:life_cycle", partner.slug)


def _move(request: OperatorRequest, slug: str, move: Callable[..., Tenant], said: str) -> HttpResponse:
    partner = partner_or_404(slug)
    try:
        move(tenant=partner, who=str(request.operator), now=now())
    except DomainError as error:
        return _page(request, partner, status=error.status, refusal=str(error))
    messages.success(request, said)
    return redirect("operators:life_cycle", partner.slug)


def _page(request: OperatorRequest, partner: Tenant, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    context = {
        "section": "partners",
        "part": "life_cycle",
        "partner": partner,
        "suspend_form": SuspendForm(),
        "rename_form": RenameForm(tenant=partner),
        "delete_form": DeleteForm(tenant=partner),
        "grace_days": settings.DELETION_GRACE.days,
        "exports": operations_of(partner).filter(kind=OperationKind.EXPORT)[:EXPORTS_SHOWN],
    }
    return render(request, "operators/partners/life_cycle.html", context | more, status=status)
