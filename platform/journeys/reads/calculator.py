"""The public calculator: a price goes in, and who gets what of it comes out (R12, R21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.kinds import Level
from catalog.selectors import open_packages
from journeys.reads.rates import names_of_packages
from kernel.money import Split, format_money
from kernel.typed.amounts import read_amount
from places.countries import COUNTRIES, Country, vat_bp
from skills.selectors import groups_by_skill
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.settings.commissions import About, commissions_of, rates_among

EXAMPLE_MINOR = 6_000
# The dearest package costs so much (console.packages.prices), in minor units.
MOST_MINOR = 10_000_000


@dataclass(frozen=True)
class Calculation:
    """What was asked, what may be chosen, and the answer or what is wrong with the price."""

    price: str
    package: str
    country: str
    packages: list[tuple[str, str]]
    countries: list[Country]
    example: str
    fault: str
    split: Split | None


def calculate(tenant: Tenant, asked: Mapping[str, str], *, country: str, today: date) -> Calculation:
    """Split a price as it was typed, by the rates of today; ``country`` counts where none is asked for (4 queries)."""
    wanted = asked.get("country", "")
    country = wanted if wanted in tenant.countries else country
    names = names_of_packages(tenant)
    with tenant_context(tenant):
        packages = {package.slug: package for package in open_packages()}
        rows, groups = commissions_of(tenant), groups_by_skill()
    chosen = packages.get(asked.get("package", ""))
    package, level = (chosen.slug, chosen.level) if chosen else ("", Level.FRIEND)
    price, fault, split = asked.get("price", "").strip(), "", None
    if "price" in asked:
        currency = COUNTRIES[country].currency
        try:
            minor = read_amount(price, currency).minor
            if not 0 < minor <= MOST_MINOR:
                raise ValueError(price)
        except ValueError:
            fault = _("Please enter a price such as %(example)s.") % {"example": _example(country)}
        else:
            about = About(package_slug=package, level=level, country=country)
            categories = chosen.categories(groups) if chosen else ()
            rate = rates_among(rows, tenant, about, today, categories=categories).own
            split = Split(
                currency=currency,
                price_minor=minor,
                commission_bp=rate.basis_points,
                vat_bp=vat_bp(country, today),
            )
    return Calculation(
        price=price,
        package=package,
        country=country,
        packages=[(slug, names.get(slug, slug)) for slug in packages],
        countries=[COUNTRIES[code] for code in tenant.countries],
        example=_example(country),
        fault=fault,
        split=split,
    )


def _example(country: str) -> str:
    return format_money(EXAMPLE_MINOR, COUNTRIES[country].currency, language=get_language() or "en", country=country)
