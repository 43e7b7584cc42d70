"""Parts of the catalogue inside pages."""

from typing import Any

from django import template

from catalog.selectors import open_packages
from storefront.countries import choose_country
from storefront.prices import priced

register = template.Library()


@register.inclusion_tag("storefront/parts/package_grid.html", takes_context=True)
def first_packages(context: dict[str, Any], count: int) -> dict[str, Any]:
    """Show the first packages of the catalogue, with prices in the visitor's country."""
    return {"packages": priced(open_packages()[:count], choose_country(context["request"]))}
