"""Partners are reminded of their monthly invoices in steps, by the platform's days. On the platform.

A step is written once, so none is sent twice, and whoever is reminded late has the days to pay all the same. After the
last step operators decide; a partner that is gone is reminded no more.
"""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dues.models import PartnerInvoice, Reminder
from dues.selectors import last_reminder, overdue
from dues.services import locked_invoice, note_reminder
from journeys.posting import tell
from journeys.topics import ToManagers
from tenants.models import Tenant
from tenants.selectors import partners
from tenants.settings.reminders import PAY_WITHIN_DAYS

# Local time of the partner: a reminder comes when people read their mail.
AT = time(9)


def remind_partners(*, now: datetime) -> int:
    """Remind partners of what is overdue and return how many reminders that were. May run twice."""
    known = {tenant.pk: tenant for tenant in partners()}
    found = overdue(today=timezone.localdate(now), steps=len(settings.PARTNER_REMINDER_DAYS))
    return sum(_remind(one.pk, known[one.tenant_id], now) for one in found if one.tenant_id in known)


@transaction.atomic
def _remind(invoice_id: UUID, tenant: Tenant, now: datetime) -> bool:
    invoice = locked_invoice(invoice_id)
    last = last_reminder(invoice)
    step = last.step + 1 if last else 1
    if invoice.paid_at or step > len(settings.PARTNER_REMINDER_DAYS) or now < _due_at(invoice, last, tenant):
        return False
    today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
    pay_by = today + timedelta(days=PAY_WITHIN_DAYS)
    note_reminder(invoice, step=step, sent_on=today, pay_by=pay_by, now=now)
    tell(
        ToManagers.PARTNER_REMINDED,
        invoice.pk,
        step,
        tenant_id=tenant.pk,
        now=now,
        invoice=str(invoice.pk),
        step=step,
        is_last=int(step == len(settings.PARTNER_REMINDER_DAYS)),
    )
    return True


def _due_at(invoice: PartnerInvoice, last: Reminder | None, tenant: Tenant) -> datetime:
    """Return when the next step is due: by the platform's days, and never before those that the last one gave."""
    on = invoice.due_on + timedelta(days=settings.PARTNER_REMINDER_DAYS[last.step if last else 0])
    if last is not None:
        on = max(on, last.pay_by + timedelta(days=1))
    return datetime.combine(on, AT, ZoneInfo(tenant.time_zone))
