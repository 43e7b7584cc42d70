"""What tests about ratings begin with: a job that is done, and both sides that speak."""

from typing import Any

from crowd.models import Friend
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer
from journeys.order.working.complete_job import complete_job, rate_completion, rate_customer
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant

CUSTOMER_SAYS, FRIEND_SAYS = "The router shines in every room.", "The coffee was very good."


def finish(order: Order, friend: Friend, *, is_paid: bool = True) -> Order:
    """Let a friend do the work of an order."""
    job = order.placed_job_id
    accept_offer(job_id=job, friend_id=friend.pk, now=now())
    contact_customer(job_id=job, friend_id=friend.pk, now=now())
    complete_job(
        job_id=job,
        friend_id=friend.pk,
        summary="Done",
        material="",
        minutes=30,
        is_paid=is_paid,
        why_now="They wanted it at once",
        now=now(),
    )
    return order


def rate_as_customer(tenant: Tenant, order: Order, stars: int = 5, words: str = CUSTOMER_SAYS, **more: Any) -> None:
    """Let the customer rate the work, which is done, however few the stars are."""
    with tenant_context(tenant):
        rate_completion(
            order_uuid=order.uuid,
            tenant_id=tenant.pk,
            stars=stars,
            words=words,
            now=now(),
            **{"is_done": True} | more,
        )


def rate_as_friend(order: Order, friend: Friend, stars: int = 4, words: str = FRIEND_SAYS) -> None:
    """Let the friend rate the customer."""
    rate_customer(
        job_id=order.placed_job_id,
        friend_id=friend.pk,
        stars=stars,
        criteria={"polite": 5},
        words=words,
        now=now(),
    )
