"""What it costs and who gets what: the figures, the rates with their history, and a calculator, for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journeys.reads.calculator import calculate
from journeys.reads.public_figures import figures_of, rates_of
from kernel.clock import now
from storefront.countries import choose_country, countries_to_choose, remember_country
from tenants.requests import Request
from tenants.settings.commissions import NOTICE, day_of


@require_safe
def costs(request: Request) -> HttpResponse:
    """Show who gets what of each price (R12, R21)."""
    tenant, country = request.tenant, choose_country(request)
    today = day_of(tenant, now())
    context = {
        "section": "costs",
        "country": country,
        "countries": countries_to_choose(),
        "figures": figures_of(tenant, today=today).get(country, []),
        "calculation": calculate(tenant, request.GET, country=country, today=today),
        "rates": rates_of(tenant, today=today),
        "notice_days": NOTICE.days,
    }
    return remember_country(render(request, "storefront/catalogue/costs.html", context), country)
