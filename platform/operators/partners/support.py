"""An operator asks for access to one partner, enters it, and ends it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journeys.links import begin_support_url
from journeys.partner.support_access import end_support, grant_support, issue_support_entry
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
from operators.access import OperatorRequest, operator_required
from operators.partners.views import partner_or_404
from tenants.access.support import DURATIONS_MIN, LONGEST_REASON, SHORTEST_REASON
from tenants.errors import ReasonTooShort
from tenants.models import Tenant
from tenants.selectors import primary_hosts, running_access, support_accesses

SHOWN = 20
ENTRIES_A_MINUTE = 20
MINUTE_S = 60


def _duration_names() -> list[tuple[int, str]]:
    return [
        (minutes, ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes})
        for minutes in DURATIONS_MIN
    ]


class SupportForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The partner reads it, in the admin and by email."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": ReasonTooShort.message, "min_length": ReasonTooShort.message},
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        choices=_duration_names,
        coerce=int,
        initial=DURATIONS_MIN[1],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose a duration."),
            "invalid_choice": gettext_lazy("Please choose a duration."),
        },
    )


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show the operator's running access and all earlier ones; grant a new one."""
    tenant = partner_or_404(slug)
    form = SupportForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            grant_support(operator=request.operator, tenant=tenant, now=now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Access granted. The partner's managers have been notified by email."))
            return redirect("operators:support", slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/partners/support.html", _context(request, tenant, form), status=status)


@carries_secret
@limited(of="support-entry", most=ENTRIES_A_MINUTE, within_s=MINUTE_S)
@operator_required
@require_safe
def enter(request: OperatorRequest) -> HttpResponse:
    """Send an operator with a fresh code back to the partner's host that asks for them."""
    url = issue_support_entry(
        operator_id=request.operator.uuid,
        host=request.GET.get("host", ""),
        state_hash=request.GET.get("state", ""),
        now=now(),
    )
    return redirect(url)


@operator_required
@require_POST
def end(request: OperatorRequest, slug: str, access_id: UUID) -> HttpResponse:
    """End an own access before its time."""
    tenant = partner_or_404(slug)
    running = running_access(tenant, operator_id=request.operator.uuid, now=now())
    if running is None or running.pk != access_id:
        raise Http404
    end_support(access_id=access_id, tenant=tenant, who=str(request.operator), now=now())
    messages.success(request, _("The access has ended."))
    return redirect("operators:support", slug)


def _context(request: OperatorRequest, tenant: Tenant, form: SupportForm) -> dict[str, Any]:
    host = primary_hosts([tenant.pk]).get(tenant.pk)
    return {
        "section": "partners",
        "part": "support",
        "partner": tenant,
        "form": form,
        "running": running_access(tenant, operator_id=request.operator.uuid, now=now()),
        "accesses": support_accesses(tenant)[:SHOWN],
        "now": now(),
        "enter_url": begin_support_url(host) if host else "",
    }
