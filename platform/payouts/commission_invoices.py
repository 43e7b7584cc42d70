"""Invoices for the commission to friends who sell in their own name. Run on the platform, in a payout's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count

from payouts.models import CommissionInvoice, Payout

BUMP = """
    INSERT INTO payouts_commissionseries (year, last) VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = payouts_commissionseries.last + 1
    RETURNING last
"""


def issue_commission_invoice(
    *,
    payout: Payout,
    issuer: Mapping[str, str],
    buyer: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    on: date,
) -> CommissionInvoice:
    """Write the invoice of a payout under the next number of the year, which is free again where all is rolled back.

    Amounts of ``lines`` in minor units. The series stays locked until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(BUMP, [on.year])
        (place,) = cursor.fetchone()
    return CommissionInvoice.objects.create(
        payout=payout,
        number=f"Q-C-{on.year}-{place:06}",
        issued_on=on,
        issuer=dict(issuer),
        buyer=dict(buyer),
        lines=[dict(line) for line in lines],
        currency=payout.currency,
        net_minor=sum(line["net_minor"] for line in lines),
        vat_minor=sum(line["vat_minor"] for line in lines),
    )


def commission_invoice_of(payout: Payout) -> CommissionInvoice | None:
    """Return the invoice on a payout's statement; None where nothing in it was sold by the friend."""
    return CommissionInvoice.objects.filter(payout=payout).first()


def commission_invoices_before(day: date) -> Iterator[CommissionInvoice]:
    """Yield the invoices that were issued before a day, oldest first."""
    return CommissionInvoice.objects.filter(issued_on__lt=day).order_by("issued_on", "pk").iterator()


def commission_invoices_by_year() -> dict[int, int]:
    """Return how many invoices there are of each year."""
    counted = (
        CommissionInvoice.objects.values("issued_on__year").annotate(count=Count("pk")).order_by("issued_on__year")
    )
    return {row["issued_on__year"]: row["count"] for row in counted}
