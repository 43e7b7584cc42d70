"""Reads of what partners owe. Run on the platform."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from dues.models import PartnerInvoice, Reminder
from ledger.kinds import AccountKind, Event
from ledger.models import Account, Entry
from tenants.models import Tenant

# What a partner pays for its customers; its shares of commissions are paid to it and not set off.
PAID_FOR_CUSTOMERS = (Event.PAID_BY_PARTNER, Event.DIAGNOSIS_BY_PARTNER)


def due_entries(*, tenant_id: int, until: date) -> list[Entry]:
    """Return what a partner has taken over through a day and no invoice has yet, by currency, in order of the books.

    What is older than the month of the last invoice is on that one or on an earlier one, so it is not looked at.
    """
    billed = Q(transaction__event__in=PAID_FOR_CUSTOMERS) | Q(transaction__reverses__event__in=PAID_FOR_CUSTOMERS)
    found: list[Entry] = []
    for account in Account.objects.filter(kind=AccountKind.PARTNER, tenant_id=tenant_id).order_by("currency"):
        since = PartnerInvoice.objects.filter(tenant_id=tenant_id, currency=account.currency).aggregate(Max("month"))
        entries = Entry.objects.filter(
            billed, account=account, booked_on__gte=since["month__max"] or date.min, booked_on__lte=until, billed=None
        )
        found += entries.select_related("account", "transaction").order_by("booked_on", "id")
    return found


def owes_an_invoice(*, tenant_id: int, until: date) -> bool:
    """Say whether a partner owes money, in any currency, that no invoice asks for yet."""
    sums: Counter[str] = Counter()
    for entry in due_entries(tenant_id=tenant_id, until=until):
        sums[entry.account.currency] += entry.amount_minor
    return any(minor > 0 for minor in sums.values())


def is_issued(*, tenant_id: int, month: date, currency: str) -> bool:
    """Say whether a partner has its invoice over a month in a currency."""
    return PartnerInvoice.objects.filter(tenant_id=tenant_id, month=month, currency=currency).exists()


def overdue(*, today: date, steps: int) -> list[PartnerInvoice]:
    """Return the unpaid invoices that were due before a day and of which fewer reminders than ``steps`` were sent."""
    found = PartnerInvoice.objects.filter(paid_at=None, due_on__lt=today).annotate(sent=Count("reminders"))
    return list(found.filter(sent__lt=steps).order_by("due_on", "number"))


def last_reminder(invoice: PartnerInvoice) -> Reminder | None:
    """Return the last reminder of an invoice."""
    return invoice.reminders.order_by("-step").first()


def partner_invoices(*, tenant_id: int | None = None, words: str = "", state: str = "", today: date) -> QuerySet[Any]:
    """Return invoices by number or name: first what waits for a decision, then the latest.

    ``state`` is ``decision``, ``open``, ``overdue`` or ``paid``. Each has ``sent``, the number of its reminders,
    ``pay_by``, the day by which the last one asked to pay, and ``waits``: for a decision, since it is not paid and the
    partner was reminded as often as the platform's rules say, or is gone.
    """
    is_told_last = Q(sent__gte=len(settings.PARTNER_REMINDER_DAYS)) | ~Exists(
        Tenant.objects.filter(pk=OuterRef("tenant_id"))
    )
    waits = is_told_last & Q(paid_at=None, asked_until__lt=today)
    found = PartnerInvoice.objects.annotate(
        sent=Count("reminders"),
        pay_by=Max("reminders__pay_by"),
        asked_until=Coalesce("pay_by", "due_on"),
        waits=Case(When(waits, then=Value(1)), default=Value(0), output_field=IntegerField()),
    ).order_by("-waits", "-issued_on", "-number")
    if tenant_id is not None:
        found = found.filter(tenant_id=tenant_id)
    match state:
        case "decision":
            found = found.filter(waits=1)
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
    own = {} if tenant_id is None else {"tenant_id": tenant_id}
    return PartnerInvoice.objects.get(pk=invoice_id, **own)


def invoice_by_number(number: str) -> PartnerInvoice | None:
    """Return the invoice with a number; None where there is none."""
    return PartnerInvoice.objects.filter(number=number).first()


def invoice_of_reference(*, tenant_id: int, place: int) -> PartnerInvoice | None:
    """Return the invoice that a payment's reference means; None where the partner has none like it."""
    found = PartnerInvoice.objects.annotate(named=F("year_id") % 100 * 100_000 + F("place"))
    return found.filter(tenant_id=tenant_id, named=place).first()
