"""Which packages need a skill, over all partners."""

from dataclasses import dataclass

from catalog.selectors import packages_with_skill
from tenants.isolation.everywhere import in_each
from tenants.models import Tenant
from tenants.selectors import partners


@dataclass(frozen=True)
class SkillUse:
    """The packages that need a skill by partner, and the partners that could not be asked."""

    packages: list[tuple[str, list[str]]]
    unknown: list[str]


def skill_use(slug: str) -> SkillUse:
    """Ask every partner; one query for each, so only where somebody wants to know. Run on the platform."""
    found: list[tuple[str, list[str]]] = []

    def ask(tenant: Tenant) -> None:
        if names := packages_with_skill(slug):
            found.append((tenant.name, names))

    failed = in_each(partners().order_by("name", "id"), ask)
    return SkillUse(found, [tenant.name for tenant in failed])
