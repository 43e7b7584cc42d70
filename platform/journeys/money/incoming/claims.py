"""Open invoices: customers are reminded in steps, and what nobody pays is written off; friends were paid long before.

One deadline of the order's job leads from reminder to reminder. Each step is written once, so none is sent twice.
Locks: the job, the order, its payments, the claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from bank.models import Claim, Reminder
from bank.selectors import received_minor, reminders_of
from bank.services import (
    await_decision,
    close_claim,
    locked_claim,
    locked_claim_of,
    note_reminder,
    settle_parts,
    write_off,
)
from bank.states import ClaimState
from billing.kinds import BillKind
from billing.models import Bill
from dispatch.models import Job
from dispatch.moves import await_moment
from dispatch.selectors import job_by_id
from dispatch.states import DeadlineKind
from journeys.posting import tell_customer
from journeys.topics import ToCustomer
from ledger.events import Occasion, reminder_fee, written_off
from ledger.kinds import Event
from ledger.selectors import is_reversed, transaction_by_key
from ledger.services import About, post, reverse
from orders.models import Order
from orders.moves import locked_order
from places.countries import country_by_code
from tenants.context import current_tenant, platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id
from tenants.settings.reminders import PAY_WITHIN_DAYS, steps_of

# Local time: a reminder comes when people read their mail.
AT = time(9)


@dataclass(frozen=True)
class Reminded:
    """What a customer's order says of an open invoice: what is left of it, until when, and all reminders."""

    left_minor: int
    fees_minor: int
    pay_by: date
    reminders: list[Reminder]


def follow_bills(issued: Iterable[Bill], *, order: Order, tenant: Tenant, now: datetime) -> None:
    """Follow each invoice from now on, and no more what a credit note takes back. Run inside the tenant.

    Nobody pays the invoices of a sandbox, and no bank file is asked about them.
    """
    if tenant.is_sandbox:
        return
    with platform_context():
        for bill in issued:
            if bill.kind == BillKind.INVOICE and bill.gross_minor:
                _open(bill, order, tenant)
            elif bill.cancels is not None and bill.cancels.kind == BillKind.INVOICE:
                _take_back(bill.cancels, order, tenant, now)


def remind(*, job: Job, now: datetime) -> datetime | None:
    """Remind the customer of an open invoice if that is due, and return when to look again. On the platform.

    Returns None where nothing is left to remind of, or no further reminder is to come.
    """
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        order = locked_order(job.order_id)
    claim = locked_claim_of(tenant_id=tenant.pk, order_id=order.uuid)
    if claim is None or claim.state != ClaimState.OPEN:
        return None
    due_at = _next_at(claim, tenant)
    if due_at is not None and due_at <= now:
        _remind(claim, order, tenant, now)
        due_at = _next_at(claim, tenant)
    await_decision(claim, on=_last_day(claim) if due_at is None else None)
    return due_at


@transaction.atomic
def write_off_claim(*, claim_id: UUID, why: str, who: str, now: datetime) -> Claim:
    """Let the guarantee bear what is left of an invoice. On the platform.

    Raises ClaimIsClosed, and ``Claim.DoesNotExist``.
    """
    found = Claim.objects.get(pk=claim_id)
    with tenant_context(tenant_by_id(found.tenant_id)):
        locked_order(found.order_id)
    claim = locked_claim(claim_id)
    write_off(claim, amount_minor=left_of(claim), why=why, who=who, now=now)
    post(written_off(occasion_of(claim, claim.pk, now), tenant_id=claim.tenant_id, amount=claim.written_off_minor))
    return claim


def left_of(claim: Claim) -> int:
    """Return what is still owed of a claim, in minor units, whether it was written off or not."""
    return claim.owed_minor - received_minor(tenant_id=claim.tenant_id, order_id=claim.order_id)


def open_amount(order: Order) -> int:
    """Return what is left of an order's invoice as long as it is open, fees included. Run inside the tenant."""
    tenant = current_tenant()
    assert tenant is not None
    with platform_context():
        claim = Claim.objects.filter(tenant_id=tenant.pk, order_id=order.uuid, state=ClaimState.OPEN).first()
        return max(left_of(claim), 0) if claim else 0


def note_paid_online(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Close the claim of an invoice that the customer has paid online instead. The order is locked."""
    with platform_context():
        claim = locked_claim_of(tenant_id=tenant.pk, order_id=order.uuid)
        if claim is not None:
            close_claim(claim, state=ClaimState.PAID)
            settle_parts(tenant_id=tenant.pk, order_id=order.uuid, now=now)


def reminded_of(order: Order, tenant: Tenant) -> Reminded | None:
    """Return what an order's page says of its open invoice; None before the first reminder. Run inside the tenant."""
    with platform_context():
        sent = reminders_of(tenant_id=tenant.pk, order_id=order.uuid)
        left = left_of(sent[-1].claim) if sent else 0
    if left <= 0:
        return None
    return Reminded(left_minor=left, fees_minor=sent[-1].claim.fees_minor, pay_by=sent[-1].pay_by, reminders=sent)


def occasion_of(claim: Claim, act: UUID, now: datetime) -> Occasion:
    """Return an act about a claim for the books, on the day of its country."""
    about = About(tenant_id=claim.tenant_id, order_id=claim.order_id)
    return Occasion(act=act, currency=claim.currency, on=_today(claim, now), at=now, about=about)


def _open(bill: Bill, order: Order, tenant: Tenant) -> None:
    assert bill.due_on is not None
    claim = Claim.objects.create(
        id=bill.uuid,
        tenant_id=tenant.pk,
        order_id=order.uuid,
        number=bill.number,
        debtor=bill.buyer["name"],
        country=bill.country,
        currency=bill.currency,
        amount_minor=bill.gross_minor,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
    )
    due_at = _next_at(claim, tenant)
    if due_at is None:
        await_decision(claim, on=claim.due_on)
    else:
        await_moment(job_by_id(order.placed_job_id), DeadlineKind.INVOICE_REMINDER, due_at=due_at)


def _take_back(invoice: Bill, order: Order, tenant: Tenant, now: datetime) -> None:
    """Follow an invoice no more that is still open; its reminders cost nothing."""
    claim = locked_claim_of(tenant_id=tenant.pk, order_id=order.uuid)
    if claim is None or claim.pk != invoice.uuid or claim.state != ClaimState.OPEN:
        return
    close_claim(claim, state=ClaimState.TAKEN_BACK)
    for step in range(1, claim.reminders_sent + 1):
        fee = transaction_by_key(f"{Event.REMINDER_FEE}:{_act(claim, step)}")
        if fee is not None and not is_reversed(fee):
            reverse(transaction_id=fee.pk, on=_today(claim, now), now=now)


def _remind(claim: Claim, order: Order, tenant: Tenant, now: datetime) -> None:
    fee, today = steps_of(tenant)[claim.reminders_sent].fee_minor(claim.currency), _today(claim, now)
    sent = note_reminder(claim, fee_minor=fee, sent_on=today, pay_by=today + timedelta(days=PAY_WITHIN_DAYS), now=now)
    post(reminder_fee(occasion_of(claim, _act(claim, sent.step), now), tenant_id=tenant.pk, amount=fee))
    tell_customer(
        ToCustomer.INVOICE_REMINDER,
        tenant_id=tenant.pk,
        order_uuid=order.uuid,
        now=now,
        once=f"{claim.pk}:{sent.step}",
        bill=str(claim.pk),
        step=sent.step,
        is_last=int(claim.reminders_sent == len(steps_of(tenant))),
    )


def _next_at(claim: Claim, tenant: Tenant) -> datetime | None:
    """Return when the next reminder is due by the partner's present rules; None where no other is to come.

    However late the last one was, the customer has had the days it gave.
    """
    steps = steps_of(tenant)
    if claim.reminders_sent >= len(steps):
        return None
    on = claim.due_on + timedelta(days=steps[claim.reminders_sent].days)
    if claim.reminders_sent:
        on = max(on, _last_day(claim) + timedelta(days=1))
    return datetime.combine(on, AT, ZoneInfo(country_by_code(claim.country).time_zone))


def _last_day(claim: Claim) -> date:
    """Return the day by which the customer was last asked to pay."""
    last = claim.reminders.order_by("-step").first()
    return last.pay_by if last else claim.due_on


def _act(claim: Claim, step: int) -> UUID:
    return uuid5(claim.pk, f"reminder {step}")


def _today(claim: Claim, now: datetime) -> date:
    return now.astimezone(ZoneInfo(country_by_code(claim.country).time_zone)).date()
