"""Parts of the catalogue inside pages."""

from typing import Any

from django import template
from django.db.models import QuerySet

from catalog.models import Package
from catalog.selectors import open_packages
from storefront.countries import choose_country, countries_to_choose
from storefront.prices import priced

register = template.Library()


@register.inclusion_tag("storefront/parts/first_packages.html", takes_context=True)
def first_packages(context: dict[str, Any], count: int) -> dict[str, Any]:
    """Show the first packages of the catalogue, with prices in the visitor's country."""
    return _in_country(context, open_packages()[:count])


@register.inclusion_tag("storefront/parts/catalogue.html", takes_context=True)
def all_packages(context: dict[str, Any]) -> dict[str, Any]:
    """Show the whole catalogue, with a choice of countries where the partner has several."""
    return _in_country(context, open_packages())


def _in_country(context: dict[str, Any], packages: QuerySet[Package]) -> dict[str, Any]:
    request = context["request"]
    country = choose_country(request)
    return {
        "request": request,
        "packages": priced(packages, country),
        "country": country,
        "countries": countries_to_choose(),
    }
