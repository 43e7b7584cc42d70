"""Parts of the catalogue inside pages."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from catalog.selectors import open_packages
from catalog.shown import shown
from places.countries import country_by_code
from storefront.countries import choose_country, countries_to_choose
from storefront.prices import priced
from tenants.isolation.kept import kept
from tenants.requests import Request

register = template.Library()


@register.inclusion_tag("storefront/parts/first_packages.html", takes_context=True)
def first_packages(context: dict[str, Any], count: int, heading: str = "") -> dict[str, Any]:
    """Show the first packages of the catalogue, with prices in the visitor's country, under a heading or the usual."""
    request = context["request"]
    return {"cards": _cards(request, choose_country(request), count), "heading": heading}


@register.inclusion_tag("storefront/parts/near_form.html", takes_context=True)
def near_form(context: dict[str, Any], *, country: str = "", postal_code: str = "") -> dict[str, Any]:
    """Ask where help is needed; the answer comes at once, and without JavaScript as a page."""
    country = country or choose_country(context["request"])
    example = country_by_code(country).postal_example
    return {
        "country": country,
        "postal_code": postal_code,
        "example": example,
        "inputmode": "numeric" if example.isdigit() else "text",
    }


@register.inclusion_tag("storefront/parts/catalogue.html", takes_context=True)
def all_packages(context: dict[str, Any]) -> dict[str, Any]:
    """Show the whole catalogue, with a choice of countries where the partner has several."""
    request = context["request"]
    country = choose_country(request)
    return {
        "request": request,
        "cards": _cards(request, country),
        "country": country,
        "countries": countries_to_choose(),
    }


@register.simple_tag(takes_context=True)
def knows_withdrawal(context: dict[str, Any]) -> bool:
    """Say whether the partner serves a country whose consumers may withdraw from a contract."""
    return any(country_by_code(code).withdrawal_days for code in context["request"].tenant.countries)


def _cards(request: Request, country: str, count: int | None = None) -> str:
    """Return the cards of the first packages, or of all, as HTML; nothing where there are none. Kept."""
    return kept(request, ("cards", get_language(), country, count), lambda: _draw(request, country, count))


def _draw(request: Request, country: str, count: int | None) -> str:
    packages = kept(request, "open packages", lambda: tuple(map(shown, open_packages())))[:count]
    if not packages:
        return ""
    cards = {
        "packages": priced(packages, country),
        "country": country,
        "countries": countries_to_choose(),
        "brand": {"name": request.tenant.name},
    }
    return render_to_string("storefront/parts/package_grid.html", cards)
