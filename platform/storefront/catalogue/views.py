"""Looking: a package, and whether a place is covered. The catalogue itself is a page of the CMS."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.errors import NoPriceInCountry
from catalog.models import Package
from catalog.selectors import package_by_slug
from catalog.shown import shown
from journeys.order.booking.book_package import AllBusy, NotCovered, answer_place, packages_at
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.answers import as_fields
from kernel.web.limits import limited
from storefront.catalogue.forms import PlaceForm, WishForm
from storefront.countries import choose_country, countries_to_choose, remember_country
from storefront.prices import priced
from tenants.isolation.kept import kept
from tenants.requests import Request
from tenants.selectors import takes_orders

# Questions about places from one address: more than a shop's visitors ask, fewer than who copies the coverage map.
PLACES, LIMITED_S = 120, 600
# So many other packages are named where this one cannot be had.
OTHERS = 3


@require_safe
def package(request: Request, slug: str) -> HttpResponse:
    """Show one package: price, what is included and not, and the field for the postal code."""
    found = kept(request, ("package", slug), lambda: shown(package_or_404(slug)))
    country = choose_country(request)
    context = {
        "section": "catalogue",
        "package": found,
        "takes_orders": takes_orders(request.tenant),
        "priced": priced([found], country)[0],
        "country": country,
        "countries": countries_to_choose(),
        "form": PlaceForm(countries=request.tenant.countries, initial={"country": country}),
    }
    status = HTTPStatus.OK if found.is_open else HTTPStatus.GONE
    return remember_country(render(request, "storefront/catalogue/package.html", context, status=status), country)


@require_safe
@limited(of="place", most=PLACES, within_s=LIMITED_S)
def place(request: Request, slug: str) -> HttpResponse:
    """Answer at once whether a postal code is covered and how soon, as a part of the page."""
    form = PlaceForm(request.GET, countries=request.tenant.countries)
    found = package_or_404(slug)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            context["answer"] = answer_place(package=found, now=now(), **form.cleaned_data)
        except DomainError as error:
            context = refusal_of(error, **form.cleaned_data)
    return render(request, "storefront/parts/place_answer.html", context | {"package": found})


def refusal_of(error: DomainError, *, country: str, postal_code: str) -> dict[str, Any]:
    """Return what a page says where nobody comes: why, and what else could be booked at that place."""
    context: dict[str, Any] = {"refusal": str(error), "are_busy": isinstance(error, AllBusy)}
    if isinstance(error, NotCovered | NoPriceInCountry):
        found = packages_at(country=country, postal_code=postal_code, most=OTHERS, now=now())
        context["others"] = priced(map(shown, found), country)
        context["wish_form"] = WishForm(auto_id="id_wish_%s")
        context["wished"] = {"country": country, "postal_code": postal_code}
    return context


def package_or_404(slug: str) -> Package:
    """Return a package of this partner."""
    try:
        return package_by_slug(slug)
    except Package.DoesNotExist as error:
        raise Http404 from error


def place_errors(form: PlaceForm, error: DomainError) -> None:
    """Put a no to a place beside the postal code."""
    as_fields(form, {"postal_code": str(error)})
