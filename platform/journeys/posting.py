"""Posting notices to the outbox: who is told what. The words are made when the notice is delivered."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from dispatch.models import Job
from journeys.topics import ToCustomer, ToFriend, ToManagers, Topic
from outbox.models import Message
from outbox.services import message, post_all

Reference = str | int


def notice(
    topic: Topic, *occasion: str | int | UUID, now: datetime, tenant_id: int | None = None, **reference: Reference
) -> Message:
    """Return a notice that is yet to be posted; ``occasion`` names what it is about and why now.

    A notice of the same occasion is never posted twice.
    """
    key = ":".join(str(part) for part in (topic, *occasion))
    return message(key=key, topic=topic, tenant_id=tenant_id, now=now, **reference)


def to_customer(
    topic: ToCustomer, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str, **reference: Reference
) -> Message:
    """Return a notice to the customer of an order."""
    return notice(topic, order_uuid, once, tenant_id=tenant_id, now=now, order=str(order_uuid), **reference)


def to_friends(
    topic: ToFriend, *, job: Job, friend_ids: Iterable[UUID], now: datetime, once: str, **reference: Reference
) -> list[Message]:
    """Return a notice to each of the friends about a job."""
    return [
        notice(
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
        for friend_id in friend_ids
    ]


def tell(
    topic: Topic, *occasion: str | int | UUID, now: datetime, tenant_id: int | None = None, **reference: Reference
) -> None:
    """Post a notice."""
    post_all([notice(topic, *occasion, now=now, tenant_id=tenant_id, **reference)])


def tell_customer(
    topic: ToCustomer, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str, **reference: Reference
) -> None:
    """Post a notice to the customer of an order."""
    post_all([to_customer(topic, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=once, **reference)])


def tell_managers(topic: ToManagers, *, tenant_id: int, order_uuid: UUID, now: datetime, once: str) -> None:
    """Post a notice about an order to the partner's community managers."""
    tell(topic, order_uuid, once, tenant_id=tenant_id, now=now, order=str(order_uuid))


def tell_friend(
    topic: ToFriend, *, job: Job, friend_id: UUID, now: datetime, once: str, **reference: str | int
) -> None:
    """Post a notice to a friend about a job."""
    post_all(to_friends(topic, job=job, friend_ids=[friend_id], now=now, once=once, **reference))
