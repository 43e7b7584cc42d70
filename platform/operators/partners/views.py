"""All partners, and one of them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from operators.access import OperatorRequest, operator_required
from operators.partners.forms import SearchForm
from tenants.models import Tenant
from tenants.selectors import operations_of, partner_with_hosts, search_partners, tenant_url, unfinished_creations

PARTNERS_A_PAGE = 50


@operator_required
@require_safe
def partner_list(request: OperatorRequest) -> HttpResponse:
    """List the partners, found by words and state, and the creations that are under way."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = search_partners(words=wanted.get("q", ""), state=wanted.get("state", ""))
    page = Paginator(found, PARTNERS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "section": "partners",
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "is_searching": any(wanted.values()),
        "creations": list(unfinished_creations()),
    }
    return render(request, "operators/partners/partners.html", context)


@operator_required
@require_safe
def overview(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show a partner: where it is in its life, its hosts, what was done to it."""
    partner = partner_or_404(slug)
    context = {
        "section": "partners",
        "part": "overview",
        "partner": partner,
        "site_url": tenant_url(partner),
        "admin_url": tenant_url(partner, "/admin/"),
        "operations": list(operations_of(partner)[:5]),
    }
    return render(request, "operators/partners/partner.html", context)


def partner_or_404(slug: str) -> Tenant:
    """Return a partner with its hosts."""
    try:
        return partner_with_hosts(slug)
    except Tenant.DoesNotExist as error:
        raise Http404 from error
