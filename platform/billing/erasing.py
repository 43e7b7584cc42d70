"""Erasing what an order was paid with and its papers, once their period is over. The numbers of the series stay."""

from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import ExtractYear

from billing.models import Bill, Payment
from orders.erasing import ENDED
from orders.models import Order
from places.retention import Record


def orders_by_year() -> list[tuple[Record, str, int, int]]:
    """Return how many ended orders there are, with papers and without: record, country, year, count (1 query)."""
    found = Order.objects.filter(state__in=ENDED).annotate(
        has_papers=Exists(Bill.objects.filter(order=OuterRef("pk"))), year=ExtractYear("changed_at")
    )
    counted = found.values_list("has_papers", "country", "year").annotate(count=Count("pk"))
    return [
        (Record.VOUCHER if has_papers else Record.ORDER, country, year, count)
        for has_papers, country, year, count in counted.order_by("year", "country", "has_papers")
    ]


def newest_papers(order: Order) -> dict[str, date]:
    """Return the day of an order's newest bill for each country under whose law it is: the job's and the seller's."""
    newest: dict[str, date] = {}
    for bill in Bill.objects.filter(order=order).order_by("issued_on", "pk"):
        newest |= dict.fromkeys((bill.country, bill.seller["country"]), bill.issued_on)
    return newest


def erase_papers(order: Order) -> None:
    """Delete the bills of an order with their files, and its payment. The database refuses a bill that is too young."""
    bills = Bill.objects.filter(order=order)
    for bill in bills:
        for kept in (bill.pdf, bill.xml):
            if kept:
                kept.storage.delete(kept.name)
    bills.exclude(cancels=None).delete()
    bills.delete()
    Payment.objects.filter(order=order).delete()
