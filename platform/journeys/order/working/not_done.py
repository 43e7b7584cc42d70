"""The customer says that the work is not done: the friend and the managers hear of it, and nothing is confirmed (R16).

The friend does the rest and says so, a manager sends them back or settles it, or the customer takes it back.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.errors import OfferNotYours
from dispatch.models import Job
from dispatch.selectors import job_by_id
from dispatch.states import JobState
from dispatch.working.closing import await_confirmation_anew
from journeys.money.books import book_confirmed
from journeys.money.incoming.card import give_back
from journeys.order.paying.bill_order import bill_order
from journeys.order.rating.publish_ratings import hold_friend_of
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders import objections
from orders.models import Objection, Order
from orders.states import ObjectionOutcome
from tenants.context import tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def say_not_done(*, order: Order, tenant_id: int, words: str, now: datetime) -> None:
    """Open a case on the customer's word; once is enough. Run inside the tenant.

    Raises ReasonMissing without words, IllegalOrderMove unless the friend has closed the job and nobody has confirmed.
    """
    if not objections.object_to_work(order_uuid=order.uuid, words=words, now=now):
        return
    once = now.isoformat()
    job = job_by_id(order.placed_job_id)
    tell_friend(ToFriend.WORK_NOT_DONE, job=job, friend_id=job.assigned_friend_id, now=now, once=once)
    tell_managers(ToManagers.WORK_NOT_DONE, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=once)


@transaction.atomic
def report_rest_done(*, job_id: UUID, friend_id: UUID, words: str, now: datetime) -> None:
    """Let the friend say that the rest is done; the customer has three days to object again. Run on the platform.

    Raises OfferNotYours unless the friend closed the job, ReasonMissing without words, CaseIsClosed without a case.
    """
    job = Job.objects.filter(pk=job_id, friend_id=friend_id, state=JobState.DONE).first()
    if job is None:
        raise OfferNotYours
    # The job's row first, as everybody locks them.
    await_confirmation_anew(job_id=job_id, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)):
        objection = objections.report_rest_done(order_uuid=job.order_id, words=words, now=now)
    tell_customer(
        ToCustomer.REST_DONE, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=str(objection.pk),
        objection=objection.pk,
    )  # fmt: skip


@transaction.atomic
def send_friend_back(*, order: Order, tenant_id: int, words: str, who: str, now: datetime) -> None:
    """Ask the friend to come back, on a manager's word; both are told. Run inside the tenant.

    Raises ReasonMissing without words, CaseIsClosed without a case.
    """
    objection = objections.send_friend_back(order_uuid=order.uuid, words=words, who=who, now=now)
    once = now.isoformat()
    _tell_customer(ToCustomer.FRIEND_SENT_BACK, order, tenant_id, objection, once, now)
    _tell_friend(ToFriend.SENT_BACK, order, objection, once, now)


@transaction.atomic
def settle_objection(*, order: Order, tenant_id: int, outcome: str, words: str, who: str, now: datetime) -> None:
    """Close the case and complete the order on a manager's word; both are told. Run inside the tenant.

    Where it ends with a refund, what was paid by card goes back.

    Raises ReasonMissing without words, CaseIsClosed without a case.
    """
    hold_friend_of(order.uuid)
    objection = objections.settle_objection(order_uuid=order.uuid, outcome=outcome, words=words, who=who, now=now)
    once = str(objection.pk)
    if objection.outcome == ObjectionOutcome.REFUND:
        give_back(order=order, tenant_id=tenant_id, why="not_done", now=now)
    _tell_customer(ToCustomer.OBJECTION_SETTLED, order, tenant_id, objection, once, now)
    _tell_friend(ToFriend.OBJECTION_SETTLED, order, objection, once, now)
    bill_order(order=order, tenant=tenant_by_id(tenant_id), now=now)
    book_confirmed(order=order, tenant=tenant_by_id(tenant_id), now=now)


def tell_settled(*, order: Order, objection: Objection, now: datetime) -> None:
    """Tell the friend that the customer has taken it back. Run inside the tenant."""
    _tell_friend(ToFriend.OBJECTION_SETTLED, order, objection, str(objection.pk), now)


def _tell_customer(
    topic: ToCustomer, order: Order, tenant_id: int, objection: Objection, once: str, now: datetime
) -> None:
    tell_customer(topic, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=once, objection=objection.pk)


def _tell_friend(topic: ToFriend, order: Order, objection: Objection, once: str, now: datetime) -> None:
    job = job_by_id(order.placed_job_id)
    tell_friend(topic, job=job, friend_id=job.assigned_friend_id, now=now, once=once, objection=objection.pk)
