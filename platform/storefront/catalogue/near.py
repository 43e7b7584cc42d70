"""Whether somebody is near a postal code, whatever is needed: the answer to the search of the home page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.shown import shown
from journeys.order.booking.book_package import NotCovered, answer_place, packages_at
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.limits import limited
from storefront.catalogue.views import LIMITED_S, PLACES
from storefront.countries import choose_country, countries_to_choose, other_country
from storefront.prices import priced
from tenants.requests import Request

# So many packages are looked at and shown; each costs a search.
SHOWN = 6
LONGEST_CODE = 12


@require_safe
@limited(of="place", most=PLACES, within_s=LIMITED_S)
def near(request: Request) -> HttpResponse:
    """Say how many friends are near and how soon one can come: as a part of the page, or as a page with packages."""
    country = other_country(request, choose_country(request))
    postal_code = request.GET.get("postal_code", "").strip()[:LONGEST_CODE]
    context = {"country": country, "postal_code": postal_code} | _answer(country, postal_code)
    template = "storefront/parts/near_answer.html" if request.htmx else "storefront/catalogue/near.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(country: str, postal_code: str) -> dict[str, Any]:
    """Return what the answer's template reads; nothing where nobody has asked yet."""
    if not postal_code:
        return {}
    moment = now()
    try:
        found = packages_at(country=country, postal_code=postal_code, most=SHOWN, now=moment)
        if not found:
            raise NotCovered(_("We have nobody near this place yet."))
        answer = answer_place(package=found[0], country=country, postal_code=postal_code, now=moment)
    except DomainError as error:
        return {"refusal": str(error)}
    return {"answer": answer, "packages": priced(map(shown, found), country), "countries": countries_to_choose()}
