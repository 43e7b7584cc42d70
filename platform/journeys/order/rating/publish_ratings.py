"""Ratings are shown to both sides at one moment, and counted then: when the second side has rated, or after 14 days."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.services import hold_friend, publish_rating
from dispatch.models import Job
from dispatch.selectors import job_by_id
from dispatch.working.closing import await_ratings
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from orders.models import Review
from orders.ratings import BLIND_FOR, REMIND_AFTER, show_ratings
from orders.selectors import open_objection, order_by_uuid
from tenants.context import platform_context, tenant_context
from tenants.models import Feature
from tenants.selectors import has_feature, tenant_by_id


def hold_friend_of(order_uuid: UUID) -> None:
    """Lock the friend of an order before the order itself, as everybody does. Run inside the tenant."""
    friend_id = order_by_uuid(order_uuid).friend_id
    if friend_id is not None:
        with platform_context():
            hold_friend(friend_id)


def await_both(*, job: Job, now: datetime) -> None:
    """Set when the customer is reminded to rate, and when the ratings are shown at the latest. Run on the platform."""
    await_ratings(job=job, remind_at=now + REMIND_AFTER, shown_at=now + BLIND_FOR)


@transaction.atomic
def publish_ratings(*, order_uuid: UUID, tenant_id: int, now: datetime) -> bool:
    """Show and count what may be shown by now, and tell both sides; say whether there was something.

    Run inside the tenant, holding the friend. Of any number of callers one publishes.
    """
    shown = show_ratings(order_uuid=order_uuid, now=now)
    if shown is None:
        return False
    job = job_by_id(shown.order.placed_job_id)
    if shown.review is not None:
        _publish(shown.review, job, shown.order.language, now)
    once = now.isoformat()
    tell_friend(ToFriend.RATING_ARRIVED, job=job, friend_id=job.assigned_friend_id, now=now, once=once)
    tell_customer(ToCustomer.RATINGS_SHOWN, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=once)
    return True


@transaction.atomic
def publish_overdue(*, job: Job, now: datetime) -> None:
    """Show the ratings of a job whose 14 days are over, if there are any."""
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        hold_friend_of(job.order_id)
        publish_ratings(order_uuid=job.order_id, tenant_id=tenant.pk, now=now)


def remind_to_rate(*, job: Job, now: datetime) -> None:
    """Remind a customer who has not rated yet, once, where the partner asks for ratings."""
    tenant = tenant_by_id(job.tenant_id)
    if not has_feature(tenant, Feature.REVIEWS):
        return
    with tenant_context(tenant):
        order = order_by_uuid(job.order_id)
        waits = not hasattr(order, "review") and open_objection(order) is None
    if waits:
        tell_customer(ToCustomer.RATE_REMINDER, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once="1")


def _publish(review: Review, job: Job, language: str, now: datetime) -> None:
    """Write the copy that friends and their public reputation go by; it names no customer."""
    with platform_context():
        publish_rating(
            friend_id=job.assigned_friend_id,
            tenant_id=job.tenant_id,
            job_id=job.pk,
            package_name=job.package_name,
            stars=review.stars,
            criteria=review.criteria,
            words=review.shown_words,
            language=language,
            now=now,
        )
