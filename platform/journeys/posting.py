"""Posting notices to the outbox: who is told what. The words are made when the notice is delivered."""

from datetime import datetime
from uuid import UUID

from dispatch.models import Job
from outbox.services import post


def tell_customer(
    topic: str, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str, **reference: str | int
) -> None:
    """Post a notice to the customer of an order; ``once`` names the occasion, so it is never posted twice."""
    post(
        key=f"{topic}:{order_uuid}:{once}",
        topic=topic,
        tenant_id=tenant_id,
        now=now,
        order=str(order_uuid),
        **reference,
    )


def tell_managers(topic: str, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str) -> None:
    """Post a notice to the partner's community managers."""
    tell_customer(topic, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=once)


def tell_friend(topic: str, *, job: Job, friend_id: UUID, now: datetime, once: str, **reference: str | int) -> None:
    """Post a notice to a friend about a job."""
    post(
        key=f"{topic}:{job.pk}:{friend_id}:{once}",
        topic=topic,
        tenant_id=job.tenant_id,
        now=now,
        job=str(job.pk),
        friend=str(friend_id),
        **reference,
    )
