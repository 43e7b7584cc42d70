"""Posting notices to the outbox: who is told what. The words are made when the notice is delivered."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from dispatch.models import Job
from outbox.models import Message
from outbox.services import message, post_all


def to_customer(
    topic: str, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str, **reference: str | int
) -> Message:
    """Return a notice to the customer of an order; ``once`` names the occasion, so it is never posted twice."""
    return message(
        key=f"{topic}:{order_uuid}:{once}",
        topic=topic,
        tenant_id=tenant_id,
        now=now,
        order=str(order_uuid),
        **reference,
    )


def to_friends(
    topic: str, *, job: Job, friend_ids: Iterable[UUID], now: datetime, once: str, **reference: str | int
) -> list[Message]:
    """Return a notice to each of the friends about a job."""
    return [
        message(
            key=f"{topic}:{job.pk}:{friend_id}:{once}",
            topic=topic,
            tenant_id=job.tenant_id,
            now=now,
            job=str(job.pk),
            friend=str(friend_id),
            **reference,
        )
        for friend_id in friend_ids
    ]


def tell_customer(
    topic: str, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str, **reference: str | int
) -> None:
    """Post a notice to the customer of an order."""
    post_all([to_customer(topic, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=once, **reference)])


def tell_managers(topic: str, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str) -> None:
    """Post a notice to the partner's community managers."""
    tell_customer(topic, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=once)


def tell_friend(topic: str, *, job: Job, friend_id: UUID, now: datetime, once: str, **reference: str | int) -> None:
    """Post a notice to a friend about a job."""
    post_all(to_friends(topic, job=job, friend_ids=[friend_id], now=now, once=once, **reference))
