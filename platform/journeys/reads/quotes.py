"""What a package costs in a country, who gets what of it, and how it can be paid. Run inside the tenant."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from billing.methods import PaymentMethod
from billing.selectors import available_methods, quote
from catalog.models import Package
from journeys.order.booking.book_package import CountryNotServed
from kernel.money import Split
from orders.cancelling import FeeStep, fee_steps
from orders.vouchers import worth_of
from skills.selectors import skills_by_slug
from tenants.models import Tenant
from tenants.settings.commissions import rates_for


@dataclass(frozen=True)
class Quote:
    """The final price with its split, the fees for cancelling, and the ways to pay.

    ``covered_minor`` is what the partner bears of it: all of what it pays for its customers, or a voucher's worth.
    """

    split: Split
    covered_minor: int
    fees: list[FeeStep]
    methods: list[PaymentMethod]


def quote_of(
    *, tenant: Tenant, package: Package, country: str, voucher: str = "", customer: str = "", now: datetime
) -> Quote:
    """Return what an order placed now would cost, with a voucher for the ``customer`` of an email where there is one.

    Raises CountryNotServed, NoPriceInCountry of the catalogue, or VoucherRefused of orders.
    """
    if country not in tenant.countries:
        raise CountryNotServed
    skill_ids = [skill.id for skill in skills_by_slug(package.skills).values()]
    rates = rates_for(
        tenant, package_slug=package.slug, skill_ids=skill_ids, level=package.level, country=country, at=now
    )
    split = quote(package=package, country=country, commission_bp=rates.own.basis_points, on=now.date())
    covered_minor = split.price_minor if package.is_paid_by_partner else 0
    if voucher and not package.is_paid_by_partner:
        covered_minor = worth_of(
            code=voucher,
            package=package,
            price=split,
            customer=customer,
            language=get_language() or tenant.default_language,
            today=now.astimezone(ZoneInfo(tenant.time_zone)).date(),
        ).amount_minor
    due = replace(split, price_minor=split.price_minor - covered_minor)
    methods = [] if package.is_paid_by_partner else available_methods(tenant, country)
    return Quote(split, covered_minor, fee_steps(tenant.cancellation_fees, due), methods)
