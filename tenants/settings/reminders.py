"""When a partner's customers are reminded of an open invoice, and what that costs them.

A partner's ``reminders`` are ``[{"days": …, "fees": {currency: minor units}}, …]`` in order; else they are free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from places.countries import COUNTRIES
from tenants.models import Tenant

MOST_STEPS = 5
DAYS = (1, 365)
# Whoever is reminded has so many days to pay, and hears of the next step only after them.
PAY_WITHIN_DAYS = 7
APART_DAYS = PAY_WITHIN_DAYS + 1
MOST_FEE_MINOR = 10_000
CURRENCIES = frozenset(country.currency for country in COUNTRIES.values())


@dataclass(frozen=True)
class Step:
    """A reminder: so many days after the invoice was due. ``fees`` are in minor units by currency."""

    days: int
    fees: Mapping[str, int]

    def fee_minor(self, currency: str) -> int:
        """Return what the reminder costs the customer; 0 where it is free."""
        return self.fees.get(currency, 0)


def steps_of(tenant: Tenant) -> list[Step]:
    """Return a partner's reminders in order."""
    return [Step(days=row["days"], fees=row.get("fees", {})) for row in tenant.reminders]


def currencies_of(tenant: Tenant) -> list[str]:
    """Return the currencies of a partner's countries, in their order."""
    return list(dict.fromkeys(COUNTRIES[code].currency for code in tenant.countries if code in COUNTRIES))


def reminders_fault(rows: Any) -> str | None:
    """Return what is wrong with a partner's reminders."""
    if not isinstance(rows, list) or any(not _is_step(row) for row in rows):
        return _("Please enter the days after an invoice was due in every row, and fees without letters.")
    if len(rows) > MOST_STEPS:
        return _("Please enter at most %(count)d reminders.") % {"count": MOST_STEPS}
    low, high = DAYS
    days = [row["days"] for row in rows]
    if any(not low <= day <= high for day in days):
        return _("Please enter days from %(low)d to %(high)d.") % {"low": low, "high": high}
    if any(later - earlier < APART_DAYS for earlier, later in pairwise(days)):
        return _("Customers need time to pay: please leave at least %(days)d days between two reminders.") % {
            "days": APART_DAYS
        }
    if any(not 0 <= fee <= MOST_FEE_MINOR for row in rows for fee in row.get("fees", {}).values()):
        return _("A reminder can cost at most %(most)d.") % {"most": MOST_FEE_MINOR // 100}
    return None


def _is_step(row: object) -> bool:
    if not isinstance(row, dict) or set(row) - {"days", "fees"} or type(row.get("days")) is not int:
        return False
    fees = row.get("fees", {})
    return isinstance(fees, dict) and set(fees) <= CURRENCIES and all(type(fee) is int for fee in fees.values())
