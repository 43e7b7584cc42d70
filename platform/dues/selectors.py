"""Reads of what partners owe. Run on the platform."""

from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from dues.models import PartnerInvoice
from ledger.kinds import AccountKind, Event
from ledger.models import Entry

# What a partner pays for its customers; its shares of commissions are paid to it and not set off.
PAID_FOR_CUSTOMERS = (Event.PAID_BY_PARTNER, Event.DIAGNOSIS_BY_PARTNER)


def due_entries(*, tenant_id: int, until: date) -> list[Entry]:
    """Return what a partner has taken over through a day and no invoice has yet, in the order of the books."""
    billed = Q(transaction__event__in=PAID_FOR_CUSTOMERS) | Q(transaction__reverses__event__in=PAID_FOR_CUSTOMERS)
    found = Entry.objects.filter(
        billed,
        account__kind=AccountKind.PARTNER,
        account__tenant_id=tenant_id,
        booked_on__lte=until,
        billed__isnull=True,
    )
    return list(found.select_related("account", "transaction").order_by("booked_on", "id"))


def is_issued(*, tenant_id: int, month: date, currency: str) -> bool:
    """Say whether a partner has its invoice over a month in a currency."""
    return PartnerInvoice.objects.filter(tenant_id=tenant_id, month=month, currency=currency).exists()


def partner_invoices(
    *, tenant_id: int | None = None, words: str = "", state: str = "", today: date | None = None
) -> QuerySet[PartnerInvoice]:
    """Return invoices by number or name, latest first. ``state`` is ``open``, ``overdue`` or ``paid``."""
    found = PartnerInvoice.objects.order_by("-issued_on", "-number")
    if tenant_id is not None:
        found = found.filter(tenant_id=tenant_id)
    match state:
        case "open":
            found = found.filter(paid_at=None)
        case "overdue":
            found = found.filter(paid_at=None, due_on__lt=today)
        case "paid":
            found = found.exclude(paid_at=None)
    for word in words.split():
        found = found.filter(Q(number__icontains=word) | Q(buyer__name__icontains=word))
    return found


def invoice_by_id(invoice_id: UUID | str, *, tenant_id: int | None = None) -> PartnerInvoice:
    """Return an invoice, of one partner where that is given.

    Raises ``PartnerInvoice.DoesNotExist``.
    """
    return partner_invoices(tenant_id=tenant_id).get(pk=invoice_id)


def invoice_by_number(number: str) -> PartnerInvoice | None:
    """Return the invoice with a number; None where there is none."""
    return PartnerInvoice.objects.filter(number=number).first()


def invoice_of_reference(*, tenant_id: int, place: int) -> PartnerInvoice | None:
    """Return the invoice that a payment's reference means; None where the partner has none like it."""
    found = PartnerInvoice.objects.annotate(named=F("year_id") % 100 * 100_000 + F("place"))
    return found.filter(tenant_id=tenant_id, named=place).first()
