"""What a rate of commission is about, in words, and the names of packages for it."""

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.kinds import Level
from catalog.selectors import package_names
from kernel.wording.texts import pick
from places.countries import COUNTRIES
from tenants.context import tenant_context
from tenants.models import Route, Tenant
from tenants.settings.commissions import About


def names_of_packages(tenant: Tenant) -> dict[str, str]:
    """Return the names of a partner's packages in the reader's language, by slug (1 query)."""
    with tenant_context(tenant):
        return {slug: pick(texts, get_language() or "en") or slug for slug, texts in package_names()}


def write_about(about: About, names: Mapping[str, str] | None = None) -> str:
    """Say what a rate of the table of commissions is about; ``names`` are those of packages by slug."""
    parts = (
        (names or {}).get(about.package_slug, about.package_slug),
        str(Level(about.level).label) if about.level in Level.values else about.level,
        str(COUNTRIES[about.country].name) if about.country in COUNTRIES else about.country,
        str(Route(about.route).label) if about.route in Route.values else about.route,
    )
    return ", ".join(part for part in parts if part) or _("All jobs")
