"""A partner's month: what came in, what went to friends, what the platform kept, and why (R19, R3).

The books are the platform's, which reads them for the partner: its own role in the database sees none of their tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ledger.months import COLUMNS, Month, months_of_partner, orders_of_month
from orders.models import Order
from orders.selectors import orders_by_uuid
from tenants.context import platform_context
from tenants.models import Tenant


@dataclass(frozen=True)
class OrderOfMonth:
    """An order with what was booked for it in a month, in minor units by the names of ``COLUMNS``."""

    order: Order | None
    on: date
    sums: dict[str, int]


def month_of(first: date) -> tuple[date, date]:
    """Return the first and the last day of the month in which a day lies."""
    begin = first.replace(day=1)
    return begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def own_months(tenant: Tenant, first: date) -> list[Month]:
    """Return the sums of the partner's month, by currency."""
    since, until = month_of(first)
    with platform_context():
        return months_of_partner(tenant.pk, since=since, until=until)


def count_orders(tenant: Tenant, first: date, currency: str) -> int:
    """Return for how many orders something was booked in the month."""
    since, until = month_of(first)
    with platform_context():
        return orders_of_month(tenant.pk, since=since, until=until, currency=currency).count()


def own_orders(
    tenant: Tenant, first: date, currency: str, *, offset: int = 0, limit: int | None = None
) -> list[OrderOfMonth]:
    """Return a part of the month's orders, latest first. Run inside the tenant (2 queries)."""
    since, until = month_of(first)
    with platform_context():
        found = orders_of_month(tenant.pk, since=since, until=until, currency=currency)
        rows = list(found[offset : None if limit is None else offset + limit])
    return _with_orders(rows)


def _with_orders(rows: Iterable[dict[str, Any]]) -> list[OrderOfMonth]:
    found = list(rows)
    orders = orders_by_uuid(row["transaction__order_id"] for row in found if row["transaction__order_id"])
    return [
        OrderOfMonth(
            order=orders.get(row["transaction__order_id"]),
            on=row["on"],
            sums={one.name: row[f"{one.name}_minor"] for one in COLUMNS},
        )
        for row in found
    ]
