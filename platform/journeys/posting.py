"""Posting notices to the outbox: who is told what. The words are made when the notice is delivered."""

from datetime import datetime
from uuid import UUID

from dispatch.models import Job
from journeys.topics import ToCustomer, ToFriend, ToManagers, Topic
from outbox.services import post


def tell(
    topic: Topic, *occasion: str | int | UUID, now: datetime, tenant_id: int | None = None, **reference: str | int
) -> None:
    """Post a notice; ``occasion`` names what it is about and why now, so it is never posted twice."""
    post(key=":".join(str(part) for part in (topic, *occasion)), topic=topic, tenant_id=tenant_id, now=now, **reference)


def tell_customer(
    topic: ToCustomer, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str, **reference: str | int
) -> None:
    """Post a notice to the customer of an order; ``once`` names the occasion."""
    tell(topic, order_uuid, once, tenant_id=tenant_id, now=now, order=str(order_uuid), **reference)


def tell_managers(topic: ToManagers, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str) -> None:
    """Post a notice about an order to the partner's community managers."""
    tell(topic, order_uuid, once, tenant_id=tenant_id, now=now, order=str(order_uuid))


def tell_friend(
    topic: ToFriend, *, job: Job, friend_id: UUID, now: datetime, once: str, **reference: str | int
) -> None:
    """Post a notice to a friend about a job."""
    tell(
        topic,
        job.pk,
        friend_id,
        once,
        tenant_id=job.tenant_id,
        now=now,
        job=str(job.pk),
        friend=str(friend_id),
        **reference,
    )
