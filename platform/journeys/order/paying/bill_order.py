"""The customer gets the invoice once the work is confirmed, the receipt once it is done and paid."""

from datetime import datetime

from django.db import transaction

from billing.methods import INVOICE, is_paid_online
from billing.models import Bill
from billing.sale import SellingFriend
from billing.services import keep_bills, keep_drawing, reprice_payment
from crowd.selling import seller_of, seller_profile_of
from journeys.money.incoming.claims import follow_bills
from journeys.posting import tell_customer
from journeys.topics import ToCustomer
from orders.models import Order
from orders.services.orders import change_way_to_pay
from orders.states import Side
from tenants.context import platform_context
from tenants.models import Tenant


@transaction.atomic
def bill_order(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Issue the bills that an order's move asks for, in the move's transaction. Run inside the tenant."""
    issued = keep_bills(order=order, tenant=tenant, friend=_selling_friend(order), now=now)
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


def _selling_friend(order: Order) -> SellingFriend | None:
    """Return whoever did the work, where they are the seller and can be it in this country (at most 2 queries)."""
    if not order.is_sold_by_friend or order.friend_id is None:
        return None
    with platform_context():
        profile = seller_profile_of(order.friend_id)
    if profile is None or profile.country != order.country:
        return None
    return SellingFriend(order.friend_id, seller_of(profile))


def bill_fee(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Bill a customer who has cancelled for a fee: paid online it is kept, otherwise it is paid by invoice.

    In the transaction of the cancelling. Run inside the tenant.
    """
    if not is_paid_online(order.payment_method):
        if order.payment_method != INVOICE.code:
            changed = change_way_to_pay(order_uuid=order.uuid, method=INVOICE.code, side=Side.SYSTEM, now=now)
            order.payment_method = changed.payment_method
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
