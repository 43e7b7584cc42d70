"""What a rate of commission is about, in words, and the names of packages and categories for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.kinds import Level
from catalog.selectors import package_names
from kernel.wording.texts import pick
from places.countries import COUNTRIES
from skills.selectors import group_names
from tenants.context import tenant_context
from tenants.models import Route, Tenant
from tenants.settings.commissions import About


@dataclass(frozen=True)
class Names:
    """The names of packages and categories in the reader's language, by slug."""

    packages: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


NO_NAMES = Names()


def names_of_rates(tenant: Tenant) -> Names:
    """Return the names of all that a partner's rates can be about (2 queries)."""
    return Names(names_of_packages(tenant), group_names(owner=tenant.pk))


def names_of_packages(tenant: Tenant) -> dict[str, str]:
    """Return the names of a partner's packages in the reader's language, by slug (1 query)."""
    with tenant_context(tenant):
        return {slug: pick(texts, get_language() or "en") or slug for slug, texts in package_names()}


def write_about(about: About, names: Names = NO_NAMES) -> str:
    """Say what a rate of the table of commissions is about; what has no name is written as its slug."""
    parts = (
        names.packages.get(about.package_slug, about.package_slug),
        names.categories.get(about.category, about.category),
        str(Level(about.level).label) if about.level in Level.values else about.level,
        str(COUNTRIES[about.country].name) if about.country in COUNTRIES else about.country,
        str(Route(about.route).label) if about.route in Route.values else about.route,
    )
    return ", ".join(part for part in parts if part) or _("All jobs")
