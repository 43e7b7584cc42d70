"""The customer gets the invoice once the work is confirmed, the receipt once it is done and paid.

Who was to pay on site and has not gets an invoice a few days after the work was confirmed, which can be paid online.
"""

from datetime import datetime, timedelta

from django.db import transaction

from billing.methods import CASH, INVOICE, SITE_CARD, is_paid_online
from billing.models import Bill
from billing.selectors import on_site_provider
from billing.services import keep_bills, keep_drawing, note_invoiced, reprice_payment
from dispatch.models import Job
from dispatch.moves import await_moment
from dispatch.selectors import job_by_id
from dispatch.states import DeadlineKind
from dispatch.working.paying import pay_job_by
from journeys.money.incoming.card import bill_later, is_unpaid_on_site
from journeys.money.incoming.claims import follow_bills
from journeys.money.sellers.selling import selling_friend
from journeys.posting import tell_customer
from journeys.topics import ToCustomer
from orders.models import Order
from orders.moves import locked_order
from orders.services.orders import change_way_to_pay
from orders.states import Side
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id

# Who confirms the work at the door, and pays the friend a moment later, gets no invoice.
PAID_ON_SITE_WITHIN = timedelta(days=3)


@transaction.atomic
def bill_order(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Issue the bills that an order's move asks for, in the move's transaction. Run inside the tenant."""
    issued = keep_bills(order=order, tenant=tenant, friend=selling_friend(order, now=now), now=now)
    for bill in issued:
        tell_customer(
            ToCustomer.BILL_ISSUED,
            tenant_id=tenant.pk,
            order_uuid=order.uuid,
            now=now,
            once=str(bill.uuid),
            bill=str(bill.uuid),
        )
    follow_bills(issued, order=order, tenant=tenant, now=now)
    if is_unpaid_on_site(order):
        with platform_context():
            job = job_by_id(order.placed_job_id)
            await_moment(job, DeadlineKind.INVOICE_REMINDER, due_at=now + PAID_ON_SITE_WITHIN)


@transaction.atomic
def bill_unpaid(*, job: Job, now: datetime) -> None:
    """Send the invoice for confirmed work that was to be paid on site and is not, if that is due. On the platform.

    Where cards are taken, what was to be paid in cash can be paid by card from then on.
    """
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        order = locked_order(job.order_id)
        if not is_unpaid_on_site(order) or not note_invoiced(order=order, now=now):
            return
        if order.payment_method == CASH.code and on_site_provider(tenant, order.country):
            order = change_way_to_pay(order_uuid=order.uuid, method=SITE_CARD.code, side=Side.SYSTEM, now=now)
            reprice_payment(order=order, method=SITE_CARD)
            with platform_context():
                pay_job_by(job.pk, SITE_CARD.code)
        bill_order(order=order, tenant=tenant, now=now)


def bill_fee(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Bill a customer who has cancelled for a fee: paid online it is kept, otherwise it is paid by invoice.

    In the transaction of the cancelling. Run inside the tenant.
    """
    if not is_paid_online(order.payment_method):
        if order.payment_method != INVOICE.code:
            bill_later(order=order, now=now)
        reprice_payment(order=order, method=INVOICE)
    bill_order(order=order, tenant=tenant, now=now)


def draw_bill(*, bill: Bill, tenant: Tenant, now: datetime) -> None:
    """Draw a bill, keep it, and let the customer have it by mail; twice changes nothing. Run inside the tenant."""
    keep_drawing(bill)
    tell_customer(
        ToCustomer.BILL_DRAWN,
        tenant_id=tenant.pk,
        order_uuid=bill.order.uuid,
        now=now,
        once=str(bill.uuid),
        bill=str(bill.uuid),
    )
