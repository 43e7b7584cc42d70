"""What customers pay, what the platform keeps and what friends get for every package of a brand, in public (R12)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.selectors import quote
from catalog.kinds import Level
from catalog.selectors import open_packages, texts_of
from journeys.reads.rates import names_of_rates, write_about
from kernel.money import Split
from kernel.wording.texts import Texts
from skills.selectors import groups_by_skill
from tenants.context import tenant_context
from tenants.models import Tenant, TenantState
from tenants.selectors import partners
from tenants.settings.commissions import About, base_changes, commissions_of, day_of, rates_among, write_days


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
    """Return the figures of a brand's open packages by country, in the brand's order (4 queries)."""
    found: dict[str, list[Figures]] = {country: [] for country in tenant.countries}
    with tenant_context(tenant):
        rows, groups = commissions_of(tenant), groups_by_skill()
        for package in open_packages():
            for price in package.prices.all():
                if price.country in found:
                    about = About(package_slug=package.slug, level=package.level, country=price.country)
                    rate = rates_among(rows, tenant, about, today, categories=package.categories(groups)).own
                    said = quote(package=package, country=price.country, commission_bp=rate.basis_points, on=today)
                    found[price.country].append(
                        Figures(texts_of(package, "name"), package.level == Level.PRO, price.country, said)
                    )
    return {country: figures for country, figures in found.items() if figures}


@dataclass(frozen=True)
class PublicRate:
    """A rate as everybody reads it: what it is about, and on which days it counts."""

    about: str
    basis_points: int
    days: str
    is_planned: bool
    is_past: bool


def rates_of(tenant: Tenant, *, today: date) -> list[PublicRate]:
    """Return all rates of a brand, the base rate first, with those that are planned and those that are over."""
    names, rates = names_of_rates(tenant), []
    for basis_points, begun, ended in _base_rates(tenant):
        rates.append(PublicRate(_("All jobs"), basis_points, write_days(begun, ended), False, ended is not None))
    with tenant_context(tenant):
        rows = commissions_of(tenant)
    for row in rows:
        rates.append(
            PublicRate(
                about=write_about(About.of(row), names),
                basis_points=row.basis_points,
                days=write_days(row.valid_from, row.valid_until),
                is_planned=row.valid_from is not None and row.valid_from > today,
                is_past=row.valid_until is not None and row.valid_until <= today,
            )
        )
    return rates


def _base_rates(tenant: Tenant) -> list[tuple[int, date | None, date | None]]:
    """Return the base rates with their first day and the first without them, the present one first."""
    with tenant_context(tenant):
        changes = list(base_changes(tenant))
    rates: list[tuple[int, date | None, date | None]] = []
    ended: date | None = None
    basis_points = tenant.commission_bp
    for change in changes:
        day = day_of(tenant, change.at)
        if day != ended:
            rates.append((basis_points, day, ended))
        ended, basis_points = day, change.before
    return [*rates, (basis_points, None, ended)]
