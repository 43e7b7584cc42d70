"""What the demo's partners pay for their customers: vouchers, packages, and the invoices of past months."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings

from catalog.kinds import VoucherKind
from catalog.models import Campaign, Package
from catalog.vouchers import create_campaign
from dues.models import PartnerInvoice
from dues.selectors import partner_invoices
from journeys.money.incoming.bank_files import take_bank_file
from journeys.money.incoming.bill_partner import bill_partners
from journeys.money.incoming.remind_partner import remind_partners
from places.countries import COUNTRIES
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant

WHO = "Demo"
# The code that everybody may enter on the review page; in a partner's further currencies it has their name behind it.
CODE = "WELCOME"
OFF_MINOR = {"CHF": 1_000, "EUR": 1_000, "PLN": 4_000}
CODES_OF_A_LETTER = 20
DAY = timedelta(days=1)
# Tuesdays are when the demo's bank confirms payouts.
TUESDAY = 1
OPENING_MINOR = 25_000_000


def plant_vouchers(tenant: Tenant, *, paid: list[str], now: datetime) -> None:
    """Give a partner a code for everybody in each of its currencies, and a letter with codes for one use each.

    ``paid`` are the packages that the partner pays.
    """
    currencies = list(dict.fromkeys(COUNTRIES[code].currency for code in tenant.countries))
    with tenant_context(tenant):
        if Campaign.objects.exists():
            return
        Package.objects.filter(slug__in=paid).update(is_paid_by_partner=True)
        usual: dict[str, Any] = {
            "least_price_minor": 0,
            "begins_on": now.date(),
            "ends_on": None,
            "packages": [],
            "who": WHO,
            "now": now,
        }
        for currency in currencies:
            create_campaign(
                name=f"Welcome ({currency})", kind=VoucherKind.AMOUNT, amount_minor=OFF_MINOR[currency], basis_points=0,
                currency=currency, uses=500, uses_per_customer=None, code=code_for(tenant, currency), count=1, **usual,
            )  # fmt: skip
        create_campaign(
            name="Letter to customers", kind=VoucherKind.PERCENT, amount_minor=0, basis_points=2_000,
            currency=currencies[0], uses=1, uses_per_customer=1, code="", count=CODES_OF_A_LETTER, **usual,
        )  # fmt: skip


def code_for(tenant: Tenant, currency: str) -> str:
    """Return the code for everybody in a currency."""
    return CODE if COUNTRIES[tenant.countries[0]].currency == currency else f"{CODE}{currency}"


def past_firsts(*, since: datetime, now: datetime) -> Iterator[datetime]:
    """Yield the mornings on which partners were billed, each on the first of a month."""
    day = since.date().replace(day=1)
    while (morning := datetime.combine(day, time(6), UTC)) < now:
        if morning > since:
            yield morning
        day = (day + 31 * DAY).replace(day=1)


def bill(morning: datetime) -> None:
    """Bill all partners for the month before."""
    with platform_context():
        bill_partners(now=morning)


def settle(*, now: datetime) -> None:
    """Let what is due have come in at the bank, but for one partner's, which are reminded of."""
    with platform_context():
        overdue = list(partner_invoices(state="overdue", today=now.date()).order_by("currency", "number"))
        late = overdue[0].tenant_id if overdue else None
        paid = [one for one in overdue if one.tenant_id != late]
        for currency, found in groupby(paid, key=lambda one: str(one.currency)):
            file = _statement(currency, list(found), on=_bank_day(now))
            take_bank_file(file, file_name=f"demo-{currency}.sta", who=WHO, now=now)
        remind_partners(now=now)


def _bank_day(now: datetime) -> date:
    yesterday = now.date() - DAY
    return yesterday - DAY if yesterday.weekday() == TUESDAY else yesterday


def _statement(currency: str, invoices: list[PartnerInvoice], *, on: date) -> bytes:
    """Return a day's statement of the platform's account (MT940) on which invoices were paid."""
    account, day = settings.PAYOUT_ACCOUNTS[currency].partition("/")[0], f"{on:%y%m%d}"
    lines = [":20:DEMO", f":25:{account}", ":28C:00001/001", f":60F:C{day}{currency}{_comma(OPENING_MINOR)}"]
    for one in invoices:
        lines += [
            f":61:{day}{on:%m%d}CR{_comma(one.gross_minor)}NTRFNONREF//{one.number}",
            f":86:166?00GUTSCHRIFT?20SVWZ+{one.reference}?32{one.buyer['name'][:27]}",
        ]
    closing = OPENING_MINOR + sum(one.gross_minor for one in invoices)
    return "\r\n".join([*lines, f":62F:C{day}{currency}{_comma(closing)}", "-", ""]).encode()


def _comma(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02}"
