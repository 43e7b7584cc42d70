"""What a new brand site begins with: the managers' group in the template, and the first pages of each partner."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from cms.services import Words, managers_group, plant_site
from tenants.models import Tenant

SLUGS = ("packages", "imprint", "privacy")


def plant_groups() -> None:
    """Make the managers' group, so that every clone of the template has it."""
    managers_group()


def plant_pages(tenant: Tenant) -> None:
    """Plant home, catalogue, imprint and privacy in the partner's languages."""
    plant_site(tenant=tenant, hostname=f"{tenant.slug}.{settings.BASE_DOMAIN}", words=starting_words(tenant))


def starting_words(tenant: Tenant) -> Words:
    """Return the first words of a brand site, with the partner's name and contact in them."""
    pages = _load()
    own = {"legal": tenant.legal_name or tenant.name, "email": tenant.email, "phone": tenant.phone}
    return Words(
        headline=pages["headline"] | tenant.tagline,
        introduction=pages["introduction"],
        titles={slug: pages[slug]["title"] for slug in SLUGS},
        bodies={slug: {code: text.format(**own) for code, text in pages[slug]["body"].items()} for slug in SLUGS},
    )


@cache
def _load() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "pages.toml").read_text(encoding="utf-8"))
