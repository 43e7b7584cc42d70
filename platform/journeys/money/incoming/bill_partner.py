"""The monthly invoice to a partner over what it pays for its customers: packages, vouchers, goodwill. On the platform.

It is made of the books: each entry of *paid by the partner* is on one invoice. A partner has one for a month and a
currency, in a transaction of its own; whoever comes twice, or after a death, finds what is left. What a month lacks
comes with the next one.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from billing.references import reference_of
from crowd.selling import SellerHistory, sellers_then
from dues.kinds import LineKind
from dues.lines import Line
from dues.models import PartnerInvoice
from dues.selectors import due_entries, is_issued
from dues.services import issue
from journeys.money.sellers.selling import seller_then
from journeys.posting import tell
from journeys.topics import ToManagers
from kernel.database.constraints import constraint_of
from ledger.kinds import Event
from ledger.models import Entry
from orders.models import Order
from orders.selectors import orders_by_uuid
from tenants.context import platform_context, tenant_context
from tenants.isolation.everywhere import in_each
from tenants.models import Tenant
from tenants.selectors import partners
from tenants.settings.contacts import contact_for

# In a payment's reference, where that of a customer's bill has its series: no series has this number.
OF_PARTNERS = 0
# So long before a partner may be deleted, its last invoice is issued: its managers still have to hear of it.
LAST_INVOICE_BEFORE = timedelta(days=1)
# What the database says where somebody else has issued an invoice in this moment.
ISSUED_MEANWHILE = {"dues_once_a_month", "dues_billedentry_pkey"}


def bill_partners(*, now: datetime) -> int:
    """Issue what partners have not been billed yet of the months that are over; return how many invoices that are.

    A partner whose schema cannot be read now does not keep the others from theirs.
    """
    issued: list[PartnerInvoice] = []

    def bill(tenant: Tenant) -> None:
        with platform_context():
            issued.extend(bill_partner(tenant, now=now))

    in_each(partners(), bill)
    return len(issued)


def bill_partner(tenant: Tenant, *, now: datetime) -> list[PartnerInvoice]:
    """Issue a partner's invoices over the last month, one a currency, and return them; its managers are told.

    Who is about to be deleted gets the last ones, over the days of the present month.
    """
    today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
    lasts = [today.replace(day=1) - timedelta(days=1), *([today] if _leaves_soon(tenant, now) else [])]
    return [invoice for last in lasts for invoice in _bill_through(last, tenant, today, now)]


def _leaves_soon(tenant: Tenant, now: datetime) -> bool:
    return tenant.delete_due_at is not None and tenant.delete_due_at - LAST_INVOICE_BEFORE <= now


def _bill_through(last: date, tenant: Tenant, today: date, now: datetime) -> list[PartnerInvoice]:
    issued = []
    for currency in sorted({entry.account.currency for entry in due_entries(tenant_id=tenant.pk, until=last)}):
        if is_issued(tenant_id=tenant.pk, month=last.replace(day=1), currency=currency):
            continue
        try:
            invoice = _bill(tenant, last, currency, today, now)
        except IntegrityError as error:
            if constraint_of(error) not in ISSUED_MEANWHILE:
                raise
            continue
        if invoice is not None:
            issued.append(invoice)
    return issued


@transaction.atomic
def _bill(tenant: Tenant, last: date, currency: str, today: date, now: datetime) -> PartnerInvoice | None:
    entries = [one for one in due_entries(tenant_id=tenant.pk, until=last) if one.account.currency == currency]
    if sum(entry.amount_minor for entry in entries) <= 0:
        return None
    issuer = issuer_for(currency)
    lines = _lines(tenant, entries, currency, is_vat_free=bool(issuer["is_small_business"]))
    invoice = issue(
        tenant_id=tenant.pk,
        month=last.replace(day=1),
        currency=currency,
        lines=lines,
        entries=entries,
        issuer=issuer,
        buyer={
            "name": tenant.legal_name or tenant.name,
            "address": contact_for(tenant).address,
            "is_demo": tenant.is_demo,
        },
        language=tenant.default_language,
        reference_of=lambda place: reference_of(issuer["iban"], tenant.pk, OF_PARTNERS, place),
        today=today,
        now=now,
    )
    tell(ToManagers.PARTNER_BILLED, invoice.pk, tenant_id=tenant.pk, now=now, invoice=str(invoice.pk))
    return invoice


def issuer_for(currency: str) -> dict[str, Any]:
    """Return who bills partners: the platform, with its account in a currency where it has one."""
    known: Mapping[str, Any] = settings.TAX_OPERATOR
    parts = {part: str(known.get(part, "")) for part in ("street", "postal_code", "town", "country", "vat_id")}
    account = settings.PAYOUT_ACCOUNTS.get(currency, "")
    return parts | {
        "name": str(known.get("name", settings.PAYOUT_SENDER)),
        "iban": account.partition("/")[0],
        "is_small_business": bool(known.get("is_small_business")),
    }


def _lines(tenant: Tenant, entries: Sequence[Entry], currency: str, *, is_vat_free: bool) -> list[Line]:
    with tenant_context(tenant):
        orders = orders_by_uuid(one.transaction.order_id for one in entries if one.transaction.order_id)
    histories = sellers_then({one.friend_id for one in orders.values() if one.is_sold_by_friend and one.friend_id})
    return [_line(one, orders, histories, currency, is_vat_free) for one in entries]


def _line(
    entry: Entry,
    orders: Mapping[UUID, Order],
    histories: Mapping[UUID, SellerHistory],
    currency: str,
    is_vat_free: bool,
) -> Line:
    assert entry.transaction.order_id is not None, "what a partner pays is for an order"
    order = orders[entry.transaction.order_id]
    friend = seller_then(order, histories, otherwise=entry.transaction.at)
    return Line(
        kind=_kind(entry, order),
        on=entry.booked_on.isoformat(),
        order=str(order),
        package=order.package_name,
        town=order.town,
        price_minor=order.price_minor,
        gross_minor=entry.amount_minor,
        vat_bp=0 if is_vat_free or (friend and friend.is_small_business) else order.vat_bp,
        currency=currency,
        code=order.voucher_code,
    )


def _kind(entry: Entry, order: Order) -> LineKind:
    if entry.transaction.event == Event.REVERSAL:
        return LineKind.TAKEN_BACK
    if entry.transaction.event == Event.DIAGNOSIS_BY_PARTNER:
        return LineKind.DIAGNOSIS
    if order.voucher_code:
        return LineKind.VOUCHER
    return LineKind.PACKAGE if order.covered_minor else LineKind.TAKEN_OVER
