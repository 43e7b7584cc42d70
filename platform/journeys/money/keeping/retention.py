"""Each night what is past its period is erased: orders and their papers, reports to the tax office, friends' invoices.

``places.retention`` has the periods. The books stay as they are: they know ids alone, and an id whose row is erased
leads to nobody. Run on the platform.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bank.erasing import forget_payer, is_money_open
from billing.erasing import erase_papers, newest_papers, orders_by_year
from dispatch.briefs import empty_briefs
from ledger.selectors import worker_figures
from orders.erasing import ended_orders, erase_order
from orders.models import Order
from orders.moves import locked_order
from payouts.commission_invoices import commission_invoices_before, commission_invoices_by_year
from places.retention import PERIODS, SHORTEST_YEARS, Record, first_day_kept, kept_through
from tax.models import Kept, Report
from tax.retention import note_erased, note_kept, reports_by_year, unreported
from tenants.context import platform_context
from tenants.isolation.everywhere import in_each
from tenants.models import Tenant
from tenants.selectors import partners


def erase_what_is_over(*, now: datetime) -> int:
    """Erase what is past its period, note what is kept until when, and return how much was erased. May run twice.

    Each record goes in a transaction of its own, with the note that it went: a night that dies is gone on with.
    """
    today, erased, kept = timezone.localdate(now), 0, list[Kept]()

    def look(tenant: Tenant) -> None:
        nonlocal erased
        for country in PERIODS:
            over = ended_orders(country=country, before=first_day_kept(Record.ORDER, country, today))
            erased += sum(_erase_order(order, tenant, today, now) for order in over)
        kept.extend(
            Kept(
                record=record, country=country, tenant_id=tenant.pk, year=year, count=count,
                through=kept_through(record, country, date(year, 1, 1)),
            )
            for record, country, year, count in orders_by_year()
        )  # fmt: skip

    in_each(partners(), look)
    erased += _erase_invoices(today, now) + _erase_reports(today, now) + _erase_tax_details(today, now)
    note_kept([*kept, *_kept_on_the_platform()])
    return erased


def order_kept_through(order: Order) -> date:
    """Return the last day on which an order has to be there: by its last move, and by each paper of it."""
    moved, papers = timezone.localdate(order.changed_at), newest_papers(order)
    days = [kept_through(Record.ORDER, order.country, moved)]
    days += [kept_through(Record.VOUCHER, country, day) for country, day in papers.items()]
    if papers:
        days.append(kept_through(Record.VOUCHER, order.country, moved))
    return max(days)


@transaction.atomic
def _erase_order(order: Order, tenant: Tenant, today: date, now: datetime) -> bool:
    """Erase an order where its time is over and no money of it is open; say whether it was."""
    order = locked_order(order.uuid)
    with platform_context():
        is_open = is_money_open(tenant_id=tenant.pk, order_id=order.uuid)
    if is_open or order_kept_through(order) >= today:
        return False
    record = Record.VOUCHER if newest_papers(order) else Record.ORDER
    erase_papers(order)
    erase_order(order)
    with platform_context():
        empty_briefs(order.uuid)
        forget_payer(tenant_id=tenant.pk, order_id=order.uuid)
        note_erased(record, order.country, order.changed_at.year, now=now, tenant_id=tenant.pk)
    return True


def _erase_invoices(today: date, now: datetime) -> int:
    erased = 0
    for invoice in commission_invoices_before(_earliest(today)):
        countries = {invoice.buyer["country"], invoice.issuer.get("country", "")}
        if max(kept_through(Record.VOUCHER, country, invoice.issued_on) for country in countries) < today:
            with transaction.atomic():
                note_erased(Record.VOUCHER, invoice.buyer["country"], invoice.issued_on.year, now=now)
                invoice.delete()
            erased += 1
    return erased


def _erase_reports(today: date, now: datetime) -> int:
    """Erase all messages of years that are over, with what they say of each friend: a year at a time."""
    erased = 0
    for year, count in reports_by_year().items():
        if report_kept_through(year) < today:
            with transaction.atomic():
                note_erased(Record.TAX_REPORT, _home(), year, now=now, count=count)
                Report.objects.filter(year=year).delete()
            erased += count
    return erased


def _erase_tax_details(today: date, now: datetime) -> int:
    """Erase the tax details of friends of whom no report is left, and who have earned nothing for as long."""
    erased = 0
    for details in unreported(before=_earliest(today)):
        through = kept_through(Record.TAX_REPORT, details.country, timezone.localdate(details.entered_at))
        since = date(today.year - (through.year - details.entered_at.year), 1, 1)
        earned = worker_figures(unit="quarter", since=since, until=today, friend_id=details.friend_id)
        if through < today and not earned:
            with transaction.atomic():
                note_erased(Record.TAX_REPORT, details.country, details.entered_at.year, now=now)
                details.delete()
            erased += 1
    return erased


def report_kept_through(year: int) -> date:
    """Return the last day on which what was reported of a year has to be there."""
    return kept_through(Record.TAX_REPORT, _home(), date(year, 12, 31))


def _kept_on_the_platform() -> Iterable[Kept]:
    for year, count in reports_by_year().items():
        yield Kept(record=Record.TAX_REPORT, country=_home(), year=year, count=count, through=report_kept_through(year))
    for year, count in commission_invoices_by_year().items():
        through = kept_through(Record.VOUCHER, _home(), date(year, 12, 31))
        yield Kept(record=Record.VOUCHER, country=_home(), year=year, count=count, through=through)


def _earliest(today: date) -> date:
    """Return the day before which something may be over at all; what is younger is not even looked at."""
    return date(today.year - SHORTEST_YEARS, 1, 1)


def _home() -> str:
    """Return the country in which the platform is registered for its reports."""
    return str(settings.TAX_OPERATOR.get("country", ""))
