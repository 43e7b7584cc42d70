"""What every template knows about the host it is served from."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.translation import get_language

from kernel.web.themes import BASE, theme_by_slug
from kernel.wording.texts import pick
from tenants.models import Tenant
from tenants.settings.contacts import chosen_place, contact_for


@dataclass(frozen=True)
class Language:
    """One entry of the language switcher, named in itself."""

    code: str
    name: str
    url: str
    is_current: bool
    # Whether the page itself is there in that language; else the link leads to the home page.
    is_own: bool


@dataclass(frozen=True)
class Brand:
    """What pages show of a partner, with the contact for who reads."""

    name: str
    legal_name: str
    tagline: str
    email: str
    phone: str
    address: str
    is_demo: bool
    is_sandbox: bool
    logo_url: str | None
    theme_css_url: str
    colour: str


OWN_NAMES = {"de": "Deutsch", "en": "English", "fr": "Français", "it": "Italiano", "pl": "Polski"}


def brand_of(tenant: Tenant, language: str, *, order: str = "", place: str = "") -> Brand:
    """Return the partner's brand with its texts in the language and the contact of the order's or place's country."""
    contact = contact_for(tenant, order=order, place=place, language=language)
    return Brand(
        name=tenant.name,
        legal_name=tenant.legal_name or tenant.name,
        tagline=pick(tenant.tagline, language),
        email=contact.email,
        phone=contact.phone,
        address=contact.address,
        is_demo=tenant.is_demo,
        is_sandbox=tenant.is_sandbox,
        logo_url=static(tenant.logo) if tenant.logo else None,
        theme_css_url=f"/theme/{tenant.theme_hash}.css",
        colour=tenant.brand_colour,
    )


def brand(request: HttpRequest) -> dict[str, Any]:
    """Add ``theme``, ``brand``, ``languages`` (for the switcher) and ``theme_choice`` to every template."""
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {"theme": theme_by_slug(BASE)}
    language = get_language() or settings.LANGUAGE_CODE
    codes = tenant.languages or [code for code, _ in settings.LANGUAGES]
    # A page of the CMS has an address of its own in each language, or none.
    own_urls = getattr(request, "own_urls", None)
    theme_choice = request.COOKIES.get("theme", "")
    return {
        "theme": theme_by_slug(tenant.theme),
        "theme_choice": theme_choice if theme_choice in {"light", "dark"} else "",
        "brand": brand_of(
            tenant,
            language,
            order=getattr(request, "order_country", ""),
            place=chosen_place(request, tenant),
        ),
        "languages": [
            Language(
                code,
                OWN_NAMES[code],
                translate_url(request.get_full_path(), code) if own_urls is None else own_urls.get(code) or f"/{code}/",
                code == language,
                own_urls is None or code in own_urls,
            )
            for code in codes
        ],
    }
