"""A consumer withdraws from the contract, as the law in DE, AT and PL lets them. Run inside the tenant.

Directive 2011/83/EU, art. 11a: a declaration on the site, for guests too, and a receipt at once by mail. A declaration
is never refused for its date: as long as cancelling is free the order ends; where it costs something by now, and after
the work, managers decide.
"""

from datetime import datetime

from django.db import transaction

from journeys.order.cancel_order import cancel_order
from journeys.posting import tell_customer, tell_managers
from journeys.topics import ToCustomer, ToManagers
from orders.cancelling import fee_if_cancelled
from orders.models import Order, OrderEvent
from orders.permits import may_cancel
from orders.selectors import withdrawal_of
from orders.services.orders import note_withdrawal
from orders.states import OrderState, Side


@transaction.atomic
def withdraw_order(*, order: Order, tenant_id: int, now: datetime) -> OrderEvent:
    """Note the withdrawal, end the order where the work has not begun, and send the receipt; return the log's line.

    Where the order cannot be cancelled for nothing any more, managers are told. A second declaration returns the first.
    Raises IllegalJobMove or IllegalOrderMove where somebody moves the order in the same moment.
    """
    noted = withdrawal_of(order)
    if noted is not None:
        return noted
    is_free = not fee_if_cancelled(order, now=now).price_minor
    if may_cancel(order.state, Side.CUSTOMER) and is_free:
        cancel_order(
            order_uuid=order.uuid,
            job_id=order.job_id,
            tenant_id=tenant_id,
            side=Side.CUSTOMER,
            who=order.name,
            why="",
            now=now,
        )
    line = note_withdrawal(order_uuid=order.uuid, now=now)
    tell_customer(ToCustomer.WITHDRAWAL_RECEIVED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")
    if order.state in {OrderState.ESCALATED, OrderState.DONE, OrderState.CONFIRMED} or not is_free:
        tell_managers(ToManagers.WITHDRAWN, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")
    return line
