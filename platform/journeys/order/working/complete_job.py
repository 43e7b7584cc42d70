"""The friend closes the job, the customer confirms, and both rate each other (R16, R13)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.methods import CASH, is_paid_online
from billing.services import settle_on_site
from dispatch.errors import IllegalJobMove
from dispatch.models import Job
from dispatch.selectors import job_by_id
from dispatch.working.closing import close_job
from journeys.money.books import book_cash, book_confirmed
from journeys.order.paying.bill_order import bill_order
from journeys.order.rating.publish_ratings import hold_friend_of, publish_ratings
from journeys.order.working.not_done import say_not_done, tell_settled
from journeys.posting import tell_customer, tell_managers
from journeys.topics import ToCustomer, ToManagers
from kernel.errors import DomainError
from orders import ratings
from orders.errors import SayWhetherDone
from orders.models import Order, Review
from orders.objections import has_open_objection
from orders.ratings import BLIND_FOR, REMIND_AFTER
from orders.selectors import open_objection, order_by_uuid
from orders.services.work import confirm_work, report_work
from orders.signatures import Signed
from orders.states import OrderState, Side
from orders.withdrawals import waits_for_decision
from tenants.context import tenant_context
from tenants.models import Feature
from tenants.selectors import has_feature, tenant_by_id


class RatingsSwitchedOff(DomainError):
    """The partner does not ask for ratings."""

    message = _("Ratings are not available here. Thank you anyway.")
    code = "ratings_switched_off"


@transaction.atomic
def complete_job(
    *,
    job_id: UUID,
    friend_id: UUID,
    summary: str,
    material: str,
    minutes: int,
    is_paid: bool,
    why_now: str = "",
    signed: Signed | None = None,
    now: datetime,
) -> Job:
    """Close the job with a report, and with what the customer has signed. Run on the platform.

    Raises IllegalJobMove unless the friend has the job, IllegalOrderMove before the customer was contacted, SayWhyNow
    without a reason before the agreed day, or where no date is agreed.
    """
    job = close_job(job_id=job_id, friend_id=friend_id, remind_at=now + REMIND_AFTER, shown_at=now + BLIND_FOR, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)) as tenant:
        order = report_work(
            order_uuid=job.order_id,
            summary=summary,
            material=material,
            minutes=minutes,
            is_paid=is_paid,
            why_now=why_now,
            signed=signed,
            time_zone=tenant.time_zone,
            now=now,
        )
        is_settled = is_paid and order.payment_method == CASH.code and settle_on_site(order=order, now=now)
        tell_customer(ToCustomer.WORK_DONE, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once="1")
        if is_settled or is_paid_online(order.payment_method):
            bill_order(order=order, tenant=tenant, now=now)
    if is_settled:
        book_cash(order=order, job=job, tenant=tenant, now=now)
    return job


@transaction.atomic
def confirm_completion(*, order_uuid: UUID, tenant_id: int, side: str, now: datetime) -> Order:
    """Confirm that the work is done, by the customer or (after three days) by the system. Run inside the tenant.

    Raises IllegalOrderMove unless the friend has closed the job, CaseIsOpen for the system while the customer objects.
    """
    hold_friend_of(order_uuid)
    objection = open_objection(order_by_uuid(order_uuid))
    order = confirm_work(order_uuid=order_uuid, side=side, now=now)
    if objection is not None:
        tell_settled(order=order, objection=objection, now=now)
    tell_customer(ToCustomer.ORDER_CONFIRMED, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once="1")
    bill_order(order=order, tenant=tenant_by_id(tenant_id), now=now)
    book_confirmed(order=order, tenant=tenant_by_id(tenant_id), now=now)
    return order


@transaction.atomic
def rate_completion(
    *,
    order_uuid: UUID,
    tenant_id: int,
    stars: int,
    words: str,
    now: datetime,
    criteria: Mapping[str, int] | None = None,
    is_done: bool | None = None,
) -> Review | None:
    """Rate the work, which also confirms it; the friend sees it once both have rated. Run inside the tenant.

    A low rating of unconfirmed work must say whether it ``is_done``; where it is not, nothing is rated or confirmed:
    a case is opened, and None returned. Raises SayWhetherDone, ReasonMissing without words for the case,
    AlreadyRated, RatingIsOver, RatingsSwitchedOff, or IllegalOrderMove before the work is done.
    """
    tenant = tenant_by_id(tenant_id)
    if not has_feature(tenant, Feature.REVIEWS):
        raise RatingsSwitchedOff
    hold_friend_of(order_uuid)
    order = order_by_uuid(order_uuid)
    if stars <= ratings.LOW_STARS and order.state == OrderState.DONE:
        if is_done is None:
            raise SayWhetherDone
        if not is_done:
            say_not_done(order=order, tenant_id=tenant_id, words=words, now=now)
            return None
    objection = open_objection(order)
    review = ratings.rate_work(order_uuid=order_uuid, stars=stars, criteria=criteria or {}, words=words, now=now)
    if objection is not None:
        tell_settled(order=order, objection=objection, now=now)
    tell_customer(ToCustomer.ORDER_CONFIRMED, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once="1")
    if stars <= ratings.LOW_STARS:
        tell_managers(ToManagers.LOW_RATING, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once="1")
    publish_ratings(order_uuid=order_uuid, tenant_id=tenant_id, now=now)
    bill_order(order=order, tenant=tenant, now=now)
    book_confirmed(order=order, tenant=tenant, now=now)
    return review


@transaction.atomic
def rate_customer(
    *, job_id: UUID, friend_id: UUID, stars: int, criteria: Mapping[str, int], words: str, now: datetime
) -> None:
    """Let the friend rate the customer, who sees it once both have rated. Run on the platform.

    Raises IllegalJobMove unless the friend had the job, AlreadyRated, RatingIsOver, RatingsSwitchedOff, or
    IllegalOrderMove before the work is done.
    """
    job = job_by_id(job_id)
    if job.friend_id != friend_id:
        raise IllegalJobMove
    tenant = tenant_by_id(job.tenant_id)
    if not has_feature(tenant, Feature.REVIEWS):
        raise RatingsSwitchedOff
    with tenant_context(tenant):
        hold_friend_of(job.order_id)
        ratings.rate_customer(
            order_uuid=job.order_id, friend_id=friend_id, stars=stars, criteria=criteria, words=words, now=now
        )
        publish_ratings(order_uuid=job.order_id, tenant_id=tenant.pk, now=now)


def confirm_unanswered(*, job: Job, now: datetime) -> None:
    """Confirm done work to which the customer has not objected for three days."""
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        # Locked, so that an objection or a withdrawal of this moment is seen, or comes too late.
        if has_open_objection(job.order_id) or waits_for_decision(job.order_id):
            return
        confirm_completion(order_uuid=job.order_id, tenant_id=tenant.pk, side=Side.SYSTEM, now=now)
