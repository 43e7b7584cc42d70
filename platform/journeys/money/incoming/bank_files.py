"""Operators bring in the bank's files: customers' payments find their invoices and are booked (docs/money/paying.md).

Each payment is one transaction: its row, what it pays, and the books. So a file that dies half way is simply read
again, and a payment that another file told of already changes nothing. Locks: the order or the partner's invoice, then
the payments.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bank.errors import StrangeAccount
from bank.files import read_statements
from bank.incoming import Incoming
from bank.models import BankPayment
from bank.selectors import received_minor
from bank.services import (
    close_claim,
    count_for,
    count_for_partner,
    keep_payment,
    keep_statement,
    locked_claim_of,
    locked_payment,
    recover,
    settle,
)
from bank.states import ClaimState, InState
from billing.kinds import BillKind
from billing.models import Bill
from billing.references import read_reference
from billing.selectors import bill_of_reference, invoice_by_number, standing_bill
from billing.services import note_invoice_paid
from dues.models import PartnerInvoice
from dues.selectors import invoice_by_number as invoice_by_number_of_partner
from dues.selectors import invoice_of_reference
from dues.services import count_payment, locked_invoice
from journeys.money.incoming.bill_partner import OF_PARTNERS
from kernel.errors import DomainError
from ledger import chart
from ledger.events import (
    Occasion,
    invoice_paid,
    partner_paid_in,
    partner_paid_out,
    refund_paid,
    write_off_recovered,
)
from ledger.selectors import open_day
from ledger.services import About, post
from orders.moves import locked_order
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import partners


class UnknownInvoice(DomainError):
    """No invoice in this currency has that number."""

    message = _("There is no invoice with this number in this currency.")
    code, status = "unknown_invoice", 422


class NothingToRefund(DomainError):
    """Not more came in than was owed."""

    message = _("There is nothing to refund.")
    code = "nothing_to_refund"


@dataclass(frozen=True)
class Taken:
    """What a file brought: payments that are new, that were known, and new ones that wait on the desk."""

    new: int
    known: int
    waiting: int


def take_bank_file(content: bytes, *, file_name: str, who: str, now: datetime) -> Taken:
    """Read a file, and book what is new in it. On the platform, in no transaction.

    Raises UnreadableFile where it is not a whole statement of accounts that invoices name; then nothing is booked.
    """
    statements = read_statements(content)
    if not {one.iban for one in statements} <= _own_accounts():
        raise StrangeAccount
    found = [payment for one in statements for payment in one.payments]
    kept = [_take(payment, file_name=file_name, who=who, now=now) for payment in found]
    for one in statements:
        keep_statement(one, file_name=file_name, who=who, now=now)
    new = [payment for payment in kept if payment is not None]
    waiting = sum(payment.settled_at is None for payment in new)
    return Taken(new=len(new), known=len(found) - len(new), waiting=waiting)


@transaction.atomic
def assign_payment(*, payment_id: UUID, number: str, who: str, now: datetime) -> BankPayment:
    """Count a payment that belongs to nobody for the invoice with a number. On the platform.

    Raises UnknownInvoice, AlreadySettled.
    """
    wanted = number.strip().upper()
    own = invoice_by_number_of_partner(wanted)
    if own is not None:
        return _assign_to_partner(payment_id, own, who, now)
    found = _by_number(wanted)
    if found is None:
        raise UnknownInvoice
    tenant, bill = found
    payment = _after_its_order(payment_id, tenant, bill)
    if payment.state != InState.UNKNOWN or payment.currency != bill.currency:
        raise UnknownInvoice
    payment.settled_by = who
    _count(payment, tenant, bill, now)
    return payment


@transaction.atomic
def refund_overpaid(*, payment_id: UUID, who: str, now: datetime) -> BankPayment:
    """Book that the operator has sent back by bank what was too much. On the platform.

    Raises NothingToRefund, AlreadySettled.
    """
    counted_for = BankPayment.objects.get(pk=payment_id).partner_invoice_id
    invoice = locked_invoice(counted_for) if counted_for else None
    payment = locked_payment(payment_id)
    if payment.state != InState.OVER or payment.tenant_id is None or payment.partner_invoice_id != counted_for:
        raise NothingToRefund
    settle(payment, who=who, note="", now=now)
    occasion = _occasion(payment, uuid5(payment.pk, "refund"), now)
    if invoice is not None:
        count_payment(invoice, amount_minor=-payment.over_minor, now=now)
        post(partner_paid_out(occasion, tenant_id=payment.tenant_id, amount=payment.over_minor))
        return payment
    post(refund_paid(occasion, provider=chart.BANK, tenant_id=payment.tenant_id, amount=payment.over_minor))
    return payment


@transaction.atomic
def set_aside(*, payment_id: UUID, why: str, who: str, now: datetime) -> BankPayment:
    """Take a payment off the desk that nothing is to be done about; what is booked stays. On the platform.

    Raises AlreadySettled.
    """
    payment = locked_payment(payment_id)
    settle(payment, who=who, note=why, now=now)
    return payment


@transaction.atomic
def _take(incoming: Incoming, *, file_name: str, who: str, now: datetime) -> BankPayment | None:
    own = _of_partner(incoming)
    if own is not None:
        own = locked_invoice(own.pk)
        payment = keep_payment(incoming, file_name=file_name, who=who, now=now)
        if payment is not None:
            _count_of_partner(payment, own, now)
        return payment
    found = _by_reference(incoming)
    if found:
        with tenant_context(found[0]):
            locked_order(found[1].order.uuid)
    payment = keep_payment(incoming, file_name=file_name, who=who, now=now)
    if payment is not None and found is not None:
        _count(payment, *found, now)
    return payment


def _count(payment: BankPayment, tenant: Tenant, bill: Bill, now: datetime) -> None:
    """Count a payment for the order of a bill, whichever of its bills it names, and book it. The order is locked."""
    order = bill.order
    with tenant_context(tenant):
        standing = standing_bill(order)
    owed = standing.gross_minor if standing and standing.kind == BillKind.INVOICE else 0
    claim = locked_claim_of(tenant_id=tenant.pk, order_id=order.uuid) if owed else None
    owed = claim.owed_minor if claim else owed
    count_for(
        payment,
        tenant_id=tenant.pk,
        order_id=order.uuid,
        number=bill.number,
        owed_minor=owed,
        received_minor=received_minor(tenant_id=tenant.pk, order_id=order.uuid),
        now=now,
    )
    if owed and payment.state != InState.PARTIAL:
        with tenant_context(tenant):
            note_invoice_paid(order=order, now=now)
    recovered = recover(claim, amount_minor=payment.amount_minor) if claim else 0
    if claim and payment.state != InState.PARTIAL:
        close_claim(claim, state=ClaimState.PAID)
    occasion = _occasion(payment, payment.pk, now)
    post(
        write_off_recovered(occasion, amount=recovered),
        invoice_paid(occasion, tenant_id=tenant.pk, amount=payment.amount_minor - recovered),
    )


def _assign_to_partner(payment_id: UUID, invoice: PartnerInvoice, who: str, now: datetime) -> BankPayment:
    invoice, payment = locked_invoice(invoice.pk), locked_payment(payment_id)
    if payment.state != InState.UNKNOWN or payment.currency != invoice.currency:
        raise UnknownInvoice
    payment.settled_by = who
    _count_of_partner(payment, invoice, now)
    return payment


def _count_of_partner(payment: BankPayment, invoice: PartnerInvoice, now: datetime) -> None:
    """Count a payment for an invoice to a partner, and book it. The invoice is locked."""
    count_for_partner(
        payment,
        tenant_id=invoice.tenant_id,
        invoice_id=invoice.pk,
        number=invoice.number,
        left_minor=invoice.left_minor,
        now=now,
    )
    count_payment(invoice, amount_minor=payment.amount_minor, now=now)
    occasion = _occasion(payment, payment.pk, now)
    post(partner_paid_in(occasion, tenant_id=invoice.tenant_id, amount=payment.amount_minor))


def _of_partner(incoming: Incoming) -> PartnerInvoice | None:
    """Return the invoice to a partner that a payment names, by its reference or its number."""
    key = read_reference(incoming.reference, incoming.words)
    if key is None or key.series_id != OF_PARTNERS:
        return None
    found = invoice_of_reference(tenant_id=key.tenant_id, place=key.place)
    return found if found and found.currency == incoming.currency else None


def _occasion(payment: BankPayment, act: UUID, now: datetime) -> Occasion:
    """Return the act for the books, on the bank's day, or on the first open one after it."""
    about = About(tenant_id=payment.tenant_id, order_id=payment.order_id, payment_id=payment.pk)
    return Occasion(act=act, currency=payment.currency, on=open_day(payment.booked_on), at=now, about=about)


def _after_its_order(payment_id: UUID, tenant: Tenant, bill: Bill) -> BankPayment:
    with tenant_context(tenant):
        locked_order(bill.order.uuid)
    return locked_payment(payment_id)


def _by_reference(incoming: Incoming) -> tuple[Tenant, Bill] | None:
    key = read_reference(incoming.reference, incoming.words)
    tenant = partners().filter(pk=key.tenant_id).first() if key else None
    if key is None or tenant is None:
        return None
    with tenant_context(tenant):
        bill = bill_of_reference(key)
    return (tenant, bill) if bill and bill.currency == incoming.currency else None


def _by_number(number: str) -> tuple[Tenant, Bill] | None:
    """Return the invoice with a number; the partner's short name stands in it."""
    for tenant in partners():
        if number.removeprefix("Q-").startswith(f"{tenant.slug.upper()}-"):
            with tenant_context(tenant):
                bill = invoice_by_number(number)
            if bill:
                return tenant, bill
    return None


def _own_accounts() -> set[str]:
    """Return the accounts that invoices name: partners' to customers, and the platform's to partners."""
    of_sellers = {seller["iban"] for tenant in partners() for seller in tenant.sellers.values() if seller.get("iban")}
    return of_sellers | {account.partition("/")[0] for account in settings.PAYOUT_ACCOUNTS.values()}
