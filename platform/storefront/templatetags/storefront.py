"""Parts of the catalogue inside pages."""

from collections.abc import Sequence
from typing import Any

from django import template

from catalog.selectors import open_packages
from catalog.shown import ShownPackage, shown
from storefront.countries import choose_country, countries_to_choose
from storefront.prices import priced
from tenants.isolation.kept import kept
from tenants.requests import Request

register = template.Library()


@register.inclusion_tag("storefront/parts/first_packages.html", takes_context=True)
def first_packages(context: dict[str, Any], count: int) -> dict[str, Any]:
    """Show the first packages of the catalogue, with prices in the visitor's country."""
    return _in_country(context, _open(context["request"])[:count])


@register.inclusion_tag("storefront/parts/catalogue.html", takes_context=True)
def all_packages(context: dict[str, Any]) -> dict[str, Any]:
    """Show the whole catalogue, with a choice of countries where the partner has several."""
    return _in_country(context, _open(context["request"]))


def _open(request: Request) -> Sequence[ShownPackage]:
    return kept(request, "open packages", lambda: tuple(map(shown, open_packages())))


def _in_country(context: dict[str, Any], packages: Sequence[ShownPackage]) -> dict[str, Any]:
    request = context["request"]
    country = choose_country(request)
    return {
        "request": request,
        "packages": priced(packages, country),
        "country": country,
        "countries": countries_to_choose(),
    }
