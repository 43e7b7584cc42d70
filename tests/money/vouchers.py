"""Vouchers for tests."""

from typing import Any

from catalog.kinds import VoucherKind
from catalog.models import Campaign
from catalog.vouchers import create_campaign
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant


def make_vouchers(tenant: Tenant, **changed: Any) -> Campaign:
    """Make a campaign whose one code, ADA10, takes EUR 10.00 off, once; or another where ``changed`` says so."""
    terms: dict[str, Any] = {
        "name": "Autumn",
        "kind": VoucherKind.AMOUNT,
        "amount_minor": 1_000,
        "basis_points": 0,
        "currency": "EUR",
        "least_price_minor": 0,
        "begins_on": now().date(),
        "ends_on": None,
        "packages": [],
        "uses": 1,
        "uses_per_customer": None,
        "code": "ADA10",
        "count": 1,
    }
    with tenant_context(tenant):
        return create_campaign(**(terms | changed), who="Maja", now=now())
