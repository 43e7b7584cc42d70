"""Customer and friend write to each other once the friend has the order: words, photos, and marks of what was read.

A friend's first message counts as contact, as a proposed date does.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dispatch.errors import OfferNotYours
from dispatch.models import Job
from dispatch.selectors import job_by_id
from dispatch.states import JobState
from journeys.order.working.agree_date import contact_customer
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from kernel.web.limits import Limit
from orders import thread
from orders.models import Order, ThreadMessage
from orders.selectors import order_by_uuid
from orders.states import OrderState, Side
from tenants.context import tenant_context
from tenants.selectors import tenant_by_id

# More than people write who have each other's number; this is against writing without end.
MESSAGES = Limit("thread", most=60, within_s=3600)


@dataclass(frozen=True)
class OrderThread:
    """What one side sees: the messages, oldest first, and whether and until when it may write.

    ``other`` is the name of who is on the other side; ``closes_at`` is None before the work is confirmed.
    """

    messages: tuple[ThreadMessage, ...]
    other: str
    is_open: bool
    closes_at: datetime | None
    version: str


def thread_for_customer(order: Order, *, now: datetime) -> OrderThread:
    """Return what the customer sees, which is read by that. Run inside the tenant."""
    return _seen_by(order, Side.CUSTOMER, order.friend_name, now)


def thread_for_friend(*, job_id: UUID, friend_id: UUID, now: datetime) -> OrderThread:
    """Return what the friend sees, which is read by that. Run on the platform.

    Raises OfferNotYours unless the friend has the order.
    """
    job = _job_of(job_id, friend_id)
    with tenant_context(tenant_by_id(job.tenant_id)):
        order = _order_of(job)
        return _seen_by(order, Side.FRIEND, order.name, now)


def unread_by_customer(order: Order) -> int:
    """Count what the customer has not seen yet (1 query). Run inside the tenant."""
    return thread.unread_by(order, Side.CUSTOMER).count() if order.friend_id else 0


def messages_for_partner(order: Order) -> QuerySet[ThreadMessage]:
    """Return what customer and friend have written, oldest first, which is not read by that. Run inside the tenant."""
    written = thread.messages_of(order)
    return written.none() if order.state == OrderState.CANCELLED else written


@transaction.atomic
def write_as_customer(*, order: Order, words: str, photo: bytes, now: datetime) -> ThreadMessage:
    """Write to the friend, who is told. Run inside the tenant.

    Raises TooManyAttempts, ThreadIsClosed or NothingWritten.
    """
    MESSAGES.count(str(order.uuid))
    message = thread.write_message(order_uuid=order.uuid, side=Side.CUSTOMER, words=words, photo=photo, now=now)
    tell_friend(
        ToFriend.MESSAGE_ARRIVED,
        job=job_by_id(order.placed_job_id),
        friend_id=message.friend_id,
        now=now,
        once=str(message.pk),
        message=message.pk,
    )
    return message


@transaction.atomic
def write_as_friend(*, job_id: UUID, friend_id: UUID, words: str, photo: bytes, now: datetime) -> ThreadMessage:
    """Write to the customer, who gets a mail with a link. Run on the platform.

    Raises OfferNotYours unless the friend has the order, ThreadIsClosed or NothingWritten.
    """
    job = _job_of(job_id, friend_id)
    if job.state == JobState.ASSIGNED and job.contacted_at is None and (words.strip() or photo):
        contact_customer(job_id=job_id, friend_id=friend_id, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)):
        order = _order_of(job)
        message = thread.write_message(order_uuid=order.uuid, side=Side.FRIEND, words=words, photo=photo, now=now)
    tell_customer(
        ToCustomer.MESSAGE_ARRIVED,
        tenant_id=job.tenant_id,
        order_uuid=job.order_id,
        now=now,
        once=str(message.pk),
        message=message.pk,
    )
    return message


def photo_for_customer(*, order: Order, message_id: int) -> bytes:
    """Return the JPEG of a message to or from the friend who has the order. Run inside the tenant.

    Raises ``ThreadMessage.DoesNotExist``.
    """
    return thread.read_photo(thread.messages_of(order), message_id)


def photo_for_manager(*, order: Order, message_id: int) -> bytes:
    """Return the JPEG of a message about an order, with whichever friend. Run inside the tenant.

    Raises ``ThreadMessage.DoesNotExist``.
    """
    return thread.read_photo(thread.all_messages_of(order), message_id)


def photo_for_friend(*, job_id: UUID, friend_id: UUID, message_id: int) -> bytes:
    """Return the JPEG of a message to or from the friend who has the order. Run on the platform.

    Raises OfferNotYours.
    """
    job = _job_of(job_id, friend_id)
    with tenant_context(tenant_by_id(job.tenant_id)):
        try:
            return thread.read_photo(thread.messages_of(_order_of(job)), message_id)
        except ThreadMessage.DoesNotExist as error:
            raise OfferNotYours from error


def _seen_by(order: Order, side: str, other: str, now: datetime) -> OrderThread:
    if order.friend_id is None or order.state == OrderState.CANCELLED:
        return OrderThread((), other, is_open=False, closes_at=None, version="")
    thread.mark_read(order, side=side, now=now)
    messages = tuple(thread.messages_of(order))
    last = messages[-1] if messages else None
    read = [message for message in messages if message.read_at]
    return OrderThread(
        messages,
        other,
        is_open=thread.is_open(order, now=now),
        closes_at=thread.closes_at(order),
        version=f"{last.pk if last else 0}.{len(read)}.{order.state}",
    )


def _job_of(job_id: UUID, friend_id: UUID) -> Job:
    states = [JobState.ASSIGNED, JobState.DONE]
    job = Job.objects.filter(pk=job_id, friend_id=friend_id, state__in=states).first()
    if job is None:
        raise OfferNotYours
    return job


def _order_of(job: Job) -> Order:
    """Return the order of a job, inside its tenant.

    Raises OfferNotYours where the order has gone on with another job, as with a pro's.
    """
    order = order_by_uuid(job.order_id)
    if order.job_id != job.pk or order.friend_id != job.friend_id:
        raise OfferNotYours
    return order
