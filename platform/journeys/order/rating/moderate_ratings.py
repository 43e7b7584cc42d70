"""What follows a published rating: the friend's one reply, words that somebody reports, and a person who decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.selectors import rating_of_job
from crowd.services import hide_rating_words, hide_reply
from crowd.services import reply_to_rating as reply_to_rating_in_crowd
from dispatch.errors import OfferNotYours
from dispatch.models import Job
from dispatch.selectors import job_by_id
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders import ratings
from orders.errors import NothingToReport
from orders.models import Order, WordsReport
from orders.selectors import order_by_uuid
from orders.states import Side, Words
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def reply_to_rating(*, job_id: UUID, friend_id: UUID, text: str, now: datetime) -> None:
    """Let the friend reply to a rating once; within a day the reply can be changed. Run on the platform.

    Raises ReplyClosed, or OfferNotYours where the job is somebody else's.
    """
    job = _own_job(job_id, friend_id)
    is_first = reply_to_rating_in_crowd(job_id=job_id, friend_id=friend_id, text=text, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)):
        ratings.note_reply(order_uuid=job.order_id, now=now)
    if is_first:
        tell_customer(ToCustomer.RATING_REPLY, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once="1")


@transaction.atomic
def report_as_friend(*, job_id: UUID, friend_id: UUID, reason: str, now: datetime) -> None:
    """Let the friend ask the managers to look at the customer's words. Run on the platform.

    Raises ReasonMissing, NothingToReport, or OfferNotYours where the job is somebody else's.
    """
    job = _own_job(job_id, friend_id)
    with tenant_context(tenant_by_id(job.tenant_id)):
        order = order_by_uuid(job.order_id)
        _report(order, job.tenant_id, Words.REVIEW, Side.FRIEND, reason, now)


@transaction.atomic
def report_as_customer(*, order_uuid: UUID, tenant_id: int, about: str, reason: str, now: datetime) -> None:
    """Let the customer ask the managers to look at the friend's words or reply. Run inside the tenant.

    Raises ReasonMissing or NothingToReport.
    """
    _report(order_by_uuid(order_uuid), tenant_id, about, Side.CUSTOMER, reason, now)


@transaction.atomic
def decide_words(
    *, order_uuid: UUID, tenant_id: int, about: str, is_hidden: bool, decision: str, who: str, now: datetime
) -> WordsReport:
    """Hide words or let them stand, with a reason that both sides are told. Run inside the tenant.

    Raises ReasonMissing, or NothingToReport where there are no such words or somebody has decided already.
    """
    order = order_by_uuid(order_uuid)
    if not words_of(order, about):
        raise NothingToReport
    report = ratings.decide_words(
        order_uuid=order_uuid, about=about, is_hidden=is_hidden, decision=decision, who=who, now=now
    )
    job = job_by_id(order.placed_job_id)
    if is_hidden:
        with platform_context():
            if about == Words.REVIEW:
                hide_rating_words(job_id=job.pk, reason=decision, who=who, now=now)
            elif about == Words.REPLY:
                hide_reply(job_id=job.pk)
    tell_customer(ToCustomer.WORDS_DECIDED, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=about,
                  report=report.pk)  # fmt: skip
    tell_friend(ToFriend.WORDS_DECIDED, job=job, friend_id=job.assigned_friend_id, now=now, once=about,
                report=report.pk)  # fmt: skip
    return report


def words_of(order: Order, about: str) -> str:
    """Return words that are shown to the other side, or nothing. Run inside the tenant."""
    if about == Words.REPLY:
        rating = rating_of_job(order.placed_job_id)
        return rating.reply if rating else ""
    review = getattr(order, "review" if about == Words.REVIEW else "customer_review", None)
    return review.shown_words if review and review.shown_at else ""


def _report(order: Order, tenant_id: int, about: str, side: str, reason: str, now: datetime) -> None:
    by_customer = about in {Words.CUSTOMER_REVIEW, Words.REPLY}
    if by_customer != (side == Side.CUSTOMER) or not words_of(order, about):
        raise NothingToReport
    ratings.report_words(order_uuid=order.uuid, about=about, side=side, reason=reason, now=now)
    tell_managers(ToManagers.WORDS_REPORTED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=about)


def _own_job(job_id: UUID, friend_id: UUID) -> Job:
    job = Job.objects.filter(pk=job_id, friend_id=friend_id).first()
    if job is None:
        raise OfferNotYours
    return job
