"""Which country's prices a visitor sees: the one they chose, else the one that fits their language, else the first."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from places.countries import COUNTRIES, Country
from tenants.context import current_tenant
from tenants.settings.contacts import COOKIE, chosen_place, country_for

YEAR_S = 365 * 24 * 3600


def choose_country(request: HttpRequest) -> str:
    """Return the code of the country whose prices to show."""
    tenant = current_tenant()
    if tenant is None:
        return next(iter(COUNTRIES))
    place = chosen_place(request, tenant)
    return country_for(tenant, place=place, language=get_language() or "") or tenant.countries[0]


def other_country(request: HttpRequest, country: str) -> str:
    """Return the country that was just chosen on the page, or the one it stands at."""
    wish = request.GET.get("country", "")
    return wish if wish in _codes() else country


def countries_to_choose() -> list[Country]:
    """Return the partner's countries where there is a choice, else nothing."""
    codes = _codes()
    return [COUNTRIES[code] for code in codes] if len(codes) > 1 else []


def remember_country(response: HttpResponse, country: str) -> HttpResponse:
    """Keep the choice for a year, where there is one."""
    if len(_codes()) > 1:
        response.set_cookie(COOKIE, country, max_age=YEAR_S, samesite="Lax")
    return response


def _codes() -> list[str]:
    tenant = current_tenant()
    return tenant.countries if tenant else list(COUNTRIES)
