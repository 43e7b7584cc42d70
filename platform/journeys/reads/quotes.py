"""What a package costs in a country, who gets what of it, and how it can be paid. Run inside the tenant."""

from dataclasses import dataclass
from datetime import datetime

from billing.methods import PaymentMethod
from billing.selectors import available_methods, quote
from catalog.models import Package
from journeys.order.booking.book_package import CountryNotServed
from kernel.money import Split
from orders.cancelling import FeeStep, fee_steps
from skills.selectors import skills_by_slug
from tenants.models import Tenant
from tenants.settings.commissions import rates_for


@dataclass(frozen=True)
class Quote:
    """The final price with its split, the fees for cancelling, and the ways to pay."""

    split: Split
    fees: list[FeeStep]
    methods: list[PaymentMethod]


def quote_of(*, tenant: Tenant, package: Package, country: str, now: datetime) -> Quote:
    """Return what an order placed now would cost.

    Raises CountryNotServed, or NoPriceInCountry of the catalogue.
    """
    if country not in tenant.countries:
        raise CountryNotServed
    skill_ids = [skill.id for skill in skills_by_slug(package.skills).values()]
    rates = rates_for(
        tenant, package_slug=package.slug, skill_ids=skill_ids, level=package.level, country=country, at=now
    )
    split = quote(package=package, country=country, commission_bp=rates.own.basis_points, on=now.date())
    return Quote(split, fee_steps(tenant.cancellation_fees, split), available_methods(tenant, country))
