"""What customers pay, what the platform keeps and what friends get for every package of a brand, in public (R12)."""

from dataclasses import dataclass
from datetime import date

from billing.selectors import quote
from catalog.kinds import Level
from catalog.selectors import open_packages, texts_of
from kernel.money import Split
from kernel.texts import Texts
from tenants.context import tenant_context
from tenants.models import Tenant, TenantState
from tenants.selectors import partners
from tenants.settings.commissions import About, commissions_of, rates_among


@dataclass(frozen=True)
class Figures:
    """The three figures of a package in a country; ``is_for_pros`` where only they do it."""

    package: Texts
    is_for_pros: bool
    country: str
    split: Split


def public_brands() -> list[Tenant]:
    """Return the partners whose figures everybody may read, by name (1 query)."""
    return list(partners().filter(state=TenantState.ACTIVE))


def figures_of(tenant: Tenant, *, today: date) -> dict[str, list[Figures]]:
    """Return the figures of a brand's open packages by country, in the brand's order (3 queries)."""
    found: dict[str, list[Figures]] = {country: [] for country in tenant.countries}
    with tenant_context(tenant):
        rows = commissions_of(tenant)
        for package in open_packages():
            for price in package.prices.all():
                if price.country in found:
                    about = About(package_slug=package.slug, level=package.level, country=price.country)
                    rate = rates_among(rows, tenant, about, today).own
                    said = quote(package=package, country=price.country, commission_bp=rate.basis_points, on=today)
                    found[price.country].append(
                        Figures(texts_of(package, "name"), package.level == Level.PRO, price.country, said)
                    )
    return {country: figures for country, figures in found.items() if figures}
