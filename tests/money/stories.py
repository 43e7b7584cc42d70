"""Steps of an order that tests of money take again and again."""

from datetime import timedelta
from uuid import uuid4

from time_machine import Coordinates

from crowd.models import Friend
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.working.complete_job import complete_job, confirm_completion
from journeys.order.working.not_done import say_not_done, settle_objection
from journeys.order.working.unreachable import log_attempt, report_unreachable
from kernel.clock import now
from orders.models import Extra, Order
from orders.selectors import order_by_uuid
from orders.states import ExtraState, Side
from tenants.context import tenant_context
from tenants.models import Tenant


def close(order: Order, friend: Friend, *, is_paid: bool = False) -> None:
    """Let the friend close the order's job."""
    complete_job(
        job_id=order.placed_job_id, friend_id=friend.pk, summary="Done", material="", minutes=30, is_paid=is_paid,
        why_now="They wanted it at once", now=now(),
    )  # fmt: skip


def confirm(tenant: Tenant, order: Order, side: str = Side.CUSTOMER) -> None:
    """Confirm that the work is done."""
    with tenant_context(tenant):
        confirm_completion(order_uuid=order.uuid, tenant_id=tenant.pk, side=side, now=now())


def cancel(tenant: Tenant, order: Order) -> None:
    """Let the manager cancel the order."""
    with tenant_context(tenant):
        cancel_order(
            order_uuid=order.uuid, job_id=order.placed_job_id, tenant_id=tenant.pk, side=Side.MANAGER, who="Maja",
            why="Sorry", now=now(),
        )  # fmt: skip


def object_and_settle(tenant: Tenant, order: Order, outcome: str) -> None:
    """Let the customer say that the work is not done, and the manager settle it."""
    with tenant_context(tenant):
        say_not_done(order=order_by_uuid(order.uuid), tenant_id=tenant.pk, words="No Wi-Fi", now=now())
        settle_objection(
            order=order_by_uuid(order.uuid), tenant_id=tenant.pk, outcome=outcome, words="So", who="Maja", now=now()
        )


def cannot_be_reached(order: Order, friend: Friend, clock: Coordinates) -> None:
    """Let the friend try for a day, and end the order."""
    for channel in ("phone", "phone", "sms", "phone", "phone"):
        log_attempt(job_id=order.placed_job_id, friend_id=friend.pk, channel=channel, note="", now=now())
        clock.shift(timedelta(hours=7))
    report_unreachable(job_id=order.placed_job_id, friend_id=friend.pk, now=now())


def agreed_price(order: Order, price_minor: int) -> None:
    """Write down that the customer has agreed to another price; the database takes no other. Inside the tenant."""
    Extra.objects.create(
        order=order, friend_id=uuid4(), words="Another price", minutes=0, price_before_minor=order.price_minor,
        change_minor=price_minor - order.price_minor, price_after_minor=price_minor, state=ExtraState.ACCEPTED,
        created_at=now(), answered_at=now(),
    )  # fmt: skip
