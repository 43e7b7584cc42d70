"""The customer gets the invoice once the work is confirmed, the receipt once it is done and paid."""

from datetime import datetime

from django.db import transaction

from billing.methods import INVOICE, is_paid_online
from billing.models import Bill
from billing.services import keep_bills, keep_drawing, reprice_payment
from journeys.money.incoming.card import bill_later
from journeys.money.incoming.claims import follow_bills
from journeys.posting import tell_customer
from journeys.topics import ToCustomer
from orders.models import Order
from tenants.models import Tenant


@transaction.atomic
def bill_order(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Issue the bills that an order's move asks for, in the move's transaction. Run inside the tenant."""
    issued = keep_bills(order=order, tenant=tenant, now=now)
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
