"""What the tests of an escalation do again and again."""

from io import BytesIO

from PIL import Image

from crowd.models import Friend
from dispatch.models import Job, Owed
from journeys.order.working.escalate_to_pro import approve_pro, decline_pro, escalate_to_pro
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant

FOUND = "The cable in the wall is broken. Ada Lovelace says call 030 1234567 or ada@customers.example, Invalidenstr. 1."


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#0a5c5c").save(out, "JPEG")
    return out.getvalue()


def escalate(order: Order, friend: Friend, photos: int = 1) -> None:
    escalate_to_pro(
        job_id=order.placed_job_id, friend_id=friend.pk, diagnosis=FOUND, photos=[photo()] * photos, now=now()
    )


def approve(tenant: Tenant, order: Order) -> Order:
    with tenant_context(tenant):
        return approve_pro(order=order, now=now())


def decline(tenant: Tenant, order: Order) -> Order:
    with tenant_context(tenant):
        return decline_pro(order=order, now=now())


def figures_are_right(order: Order, *jobs: Job) -> bool:
    """Say whether what the customer pays is commission and friends, and that is what jobs and diagnosis add up to."""
    owed = sum(Owed.objects.filter(job__order_id=order.uuid).values_list("amount_minor", flat=True))
    return (
        order.price_minor == order.commission_minor + order.friend_minor
        and order.price_minor == sum(job.price_minor for job in jobs) + owed
        and order.friend_minor == sum(job.friend_minor for job in jobs) + owed
    )
