"""A partner's hosts: own domains are added, proven, made the main one, and given up."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel.clock import now
from kernel.errors import DomainError
from operators.access import OperatorRequest, operator_required
from operators.partners.life_cycle_forms import HostForm
from operators.partners.views import partner_or_404
from tenants.errors import UnableToAddDomain
from tenants.hosts.domains import PROOF_LABEL, add_domain, make_primary, remove_domain, verify_domain
from tenants.models import Tenant


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def hosts(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show the hosts with what each of them waits for, and add one."""
    partner = partner_or_404(slug)
    if request.method != "POST":
        return _page(request, partner, HostForm())
    form = HostForm(request.POST)
    if not form.is_valid():
        return _page(request, partner, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        added = add_domain(tenant=partner, domain=form.cleaned_data["domain"], who=str(request.operator), now=now())
    except UnableToAddDomain as error:
        form.add_error("domain", str(error))
        return _page(request, partner, form, status=error.status)
    messages.success(
        request, _("%(domain)s has been added and is waiting for its DNS record.") % {"domain": added.domain}
    )
    return redirect("operators:hosts", partner.slug)


@operator_required
@require_POST
def verify(request: OperatorRequest, slug: str, domain: str) -> HttpResponse:
    """Look for the DNS record; with it the host is served."""
    return _act(request, slug, domain, verify_domain, _("%(domain)s is verified and live."))


@operator_required
@require_POST
def primary(request: OperatorRequest, slug: str, domain: str) -> HttpResponse:
    """Make a host the main one."""
    return _act(request, slug, domain, make_primary, _("%(domain)s is the main host. The others redirect to it."))


@operator_required
@require_POST
def remove(request: OperatorRequest, slug: str, domain: str) -> HttpResponse:
    """Give a host up."""
    return _act(request, slug, domain, remove_domain, _("%(domain)s has been removed."))


def _act(request: OperatorRequest, slug: str, domain: str, do: Callable[..., Any], said: str) -> HttpResponse:
    """Do something about a host; a no stands beside it."""
    partner = partner_or_404(slug)
    try:
        do(tenant=partner, domain=domain, who=str(request.operator), now=now())
    except DomainError as error:
        return _page(request, partner, HostForm(), status=error.status, refused=domain, refusal=str(error))
    messages.success(request, said % {"domain": domain})
    return redirect("operators:hosts", partner.slug)


def _page(
    request: OperatorRequest, partner: Tenant, form: HostForm, *, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    context = {"section": "partners", "part": "hosts", "partner": partner, "form": form, "proof_label": PROOF_LABEL}
    return render(request, "operators/partners/host_list.html", context | more, status=status)
