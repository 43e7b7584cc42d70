"""Operators see what is kept until when, what goes next, and what was erased."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from operators.access import OperatorRequest, operator_required
from tax.retention import erased, kept_next
from tenants.selectors import partner_names

A_PAGE = 50


@operator_required
@require_safe
def retention(request: OperatorRequest) -> HttpResponse:
    """Show both, what goes first at the top; of what was erased a page."""
    kept, page = list(kept_next()), Paginator(erased(), A_PAGE).get_page(request.GET.get("page"))
    whose = {one.tenant_id for one in kept} | {one.tenant_id for one in page}
    names = partner_names(tenant_id for tenant_id in whose if tenant_id is not None)
    context = {
        "section": "tax",
        "part": "retention",
        "kept": [(one, names.get(one.tenant_id or 0, "")) for one in kept],
        "page": page,
        "erased": [(one, names.get(one.tenant_id or 0, "")) for one in page],
    }
    return render(request, "operators/tax/retention.html", context)
