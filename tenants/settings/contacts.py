"""How readers reach a partner: which country they belong to, and that country's email, phone and postal address."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from tenants.models import Tenant

# What a country can have of its own; where it has nothing, the partner's general contact stands in.
PARTS = ("email", "phone", "address")
# How a visitor's choice of country is named, in a cookie and in addresses.
COOKIE = "country"
BY_LANGUAGE = {"pl": "PL"}


@dataclass(frozen=True)
class Contact:
    """What a reader is told; empty where the partner has none."""

    email: str
    phone: str
    address: str


def contact_for(tenant: Tenant, *, order: str = "", place: str = "", language: str = "") -> Contact:
    """Return the contact of the order's country, else the place's, else the language's, else the general one.

    ``order`` and ``place`` are codes of countries; what a country has not is filled from the general contact.
    """
    country = order or country_for(tenant, place=place, language=language)
    general = Contact(tenant.email, tenant.phone, tenant.address)
    return Contact(**(asdict(general) | tenant.country_contacts.get(country, {})))


def country_for(tenant: Tenant, *, place: str, language: str) -> str:
    """Return the place's country, else the language's, where the partner serves it; else nothing."""
    wishes = (place, BY_LANGUAGE.get(language, ""))
    return next((wish for wish in wishes if wish in tenant.countries), "")


def chosen_place(request: HttpRequest, tenant: Tenant) -> str:
    """Return the served country that a visitor has chosen, on this page or before; else nothing."""
    wishes = (request.GET.get(COOKIE, ""), request.COOKIES.get(COOKIE, ""))
    return next((wish for wish in wishes if wish in tenant.countries), "")
