"""What became of the calls of one partner's systems."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from developers.figures import figures
from kernel.clock import real_now
from operators.access import OperatorRequest, operator_required
from operators.partners.views import partner_or_404
from tenants.context import tenant_context


@operator_required
@require_safe
def calls(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show the figures of the last 24 hours, by key and address."""
    partner = partner_or_404(slug)
    with tenant_context(partner):
        found = figures(now=real_now())
    context = {"section": "partners", "part": "calls", "partner": partner, "figures": found}
    return render(request, "operators/partners/calls.html", context)
