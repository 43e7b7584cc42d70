"""A friend on site hands over to a pro: the customer answers, a pro's job follows or the order ends (R10, R21).

The rule of money: the friend gets ``diagnosis_bp`` of their share for the diagnosis, whatever the customer says, and
nobody takes a commission of it. With a yes the customer pays the new price and nothing else; the pro's part is what is
left after the diagnosis, less commission. With a no, or silence for 72 hours, the customer pays what the friend gets
for the diagnosis, by invoice. Who has paid online pays the difference online before the yes counts, or says to pay
by invoice instead; with a no the rest goes back to the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.methods import BY_PARTNER, INVOICE, is_paid_online
from billing.services import reprice_payment
from catalog.kinds import Level
from crowd.selectors import friend_by_id
from dispatch.errors import IllegalJobMove, OfferNotYours
from dispatch.models import Job
from dispatch.permits import job_to_work_on
from dispatch.selectors import job_by_id, offer_of
from dispatch.working.escalations import (
    Obstacle,
    close_for_pro,
    close_with_diagnosis,
    obstacle_to,
    open_pro_job,
    still_waits,
    wait_for_answer,
)
from journeys.money.incoming.card import settle_new_price
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.paying.bill_order import bill_order
from journeys.order.rating.publish_ratings import await_both
from journeys.order.talking.hide_contact import hide_contact
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.errors import DomainError
from kernel.money import Split
from orders.escalations import approve_pro as approve_pro_in_orders
from orders.escalations import decline_pro as decline_pro_in_orders
from orders.escalations import propose_pro, proposed_split, want_pro
from orders.models import Escalation, EscalationPhoto, Order
from orders.states import EscalationState, OrderState, Side
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id
from tenants.settings.commissions import rates_for

ANSWER_WITHIN = timedelta(hours=72)


class NoProToAsk(DomainError):
    """No pro could take the job over."""

    message = pgettext_lazy("friend", "No pro can be asked for this job. Tell the community manager instead.")
    code = "no_pro_to_ask"


class EscalationAnswered(DomainError):
    """The customer, or time, has answered the other way."""

    message = _("This has already been answered. The order continues as shown here.")
    code = "escalation_answered"


@dataclass(frozen=True)
class Prospect:
    """How the price is split now and would be with a pro; ``obstacle`` says why it is not possible."""

    country: str
    before: Split
    after: Split
    obstacle: Obstacle | None


def prospect_of(job: Job, *, now: datetime) -> Prospect:
    """Say what handing this job over would cost the customer and give the friend. Run on the platform."""
    before, terms = job.split, job.terms
    after = before.with_pro(surcharge_bp=terms.pro_surcharge_bp, diagnosis_bp=terms.diagnosis_bp)
    return Prospect(country=job.country, before=before, after=after, obstacle=obstacle_to(job, now=now))


@transaction.atomic
def escalate_to_pro(
    *, job_id: UUID, friend_id: UUID, diagnosis: str, photos: Sequence[bytes] = (), now: datetime
) -> Escalation:
    """Ask the customer whether a pro may come for the new price. Run on the platform.

    ``photos`` are JPEGs without metadata, five at most. Raises IllegalJobMove, IllegalOrderMove or NoProToAsk.
    """
    prospect = prospect_of(job_to_work_on(job_id, friend_id), now=now)
    if prospect.obstacle is not None:
        raise NoProToAsk
    job = wait_for_answer(
        job_id=job_id,
        friend_id=friend_id,
        diagnosis_minor=prospect.after.diagnosis_minor,
        answer_by=now + ANSWER_WITHIN,
        now=now,
    )
    with tenant_context(tenant_by_id(job.tenant_id)):
        escalation = propose_pro(
            order_uuid=job.order_id,
            friend_id=friend_id,
            diagnosis=diagnosis,
            photos=photos,
            prospect=prospect.after,
            now=now,
        )
    tell_customer(ToCustomer.PRO_PROPOSED, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once="1")
    return escalation


@transaction.atomic
def approve_pro(*, order: Order, now: datetime) -> Order:
    """Let a pro come for the new price, and ask pros at once. Run inside the tenant.

    Where less was paid by card, all of it goes back and the order is paid by invoice. A second yes changes nothing.
    Raises EscalationAnswered where it was declined or has lapsed.
    """
    tenant, escalation = _partner(order), _escalation(order)
    try:
        with platform_context():
            old = close_for_pro(job_id=escalation_job_id(order), now=now)
    except IllegalJobMove as error:
        return _answered_already(order, EscalationState.APPROVED, error)
    rates = rates_for(
        tenant,
        package_slug=old.package_slug,
        skill_ids=old.skill_ids,
        level=Level.PRO,
        country=order.country,
        at=order.created_at,
    )
    split = proposed_split(order, escalation, commission_bp=rates.own.basis_points)
    diagnosis = [{"text": _masked(escalation.diagnosis, order, old), "photos": _photo_ids(escalation)}]
    with platform_context():
        job = open_pro_job(follows=old, split=split, rates=rates, diagnosis=diagnosis, now=now)
    approved = approve_pro_in_orders(
        order_uuid=order.uuid, job_id=job.pk, split=split, commission_version=rates.own.version, now=now
    )
    settle_new_price(order=approved, tenant_id=tenant.pk, now=now)
    tell_customer(ToCustomer.PRO_APPROVED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once="1")
    tell_friend(ToFriend.ESCALATION_APPROVED, job=old, friend_id=old.assigned_friend_id, now=now, once="1")
    with platform_context():
        ask_next_friends(job_id=job.pk, after_wave=0, now=now)
    return approved


@transaction.atomic
def decline_pro(*, order: Order, now: datetime, side: str = Side.CUSTOMER) -> Order:
    """End the order with the diagnosis. Run inside the tenant.

    A second no changes nothing. Raises EscalationAnswered where it was approved.
    """
    tenant = _partner(order)
    try:
        with platform_context():
            job = close_with_diagnosis(job_id=escalation_job_id(order), now=now)
            await_both(job=job, now=now)
    except IllegalJobMove as error:
        return _answered_already(order, EscalationState.DECLINED, error)
    is_paid = is_paid_online(order.payment_method)
    method = order.payment_method if is_paid or order.payment_method == BY_PARTNER.code else INVOICE.code
    declined = decline_pro_in_orders(order_uuid=order.uuid, side=side, payment_method=method, now=now)
    if is_paid or method == BY_PARTNER.code:
        settle_new_price(order=declined, tenant_id=tenant.pk, now=now)
    else:
        reprice_payment(order=declined, method=INVOICE)
    tell_customer(ToCustomer.PRO_DECLINED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once="1")
    tell_friend(ToFriend.ESCALATION_DECLINED, job=job, friend_id=job.assigned_friend_id, now=now, once="1")
    if is_paid:
        bill_order(order=declined, tenant=tenant, now=now)
    return declined


@transaction.atomic
def lapse_escalation(*, job: Job, now: datetime) -> None:
    """Treat 72 hours of silence as a no, and tell the manager's desk. Run on the platform."""
    if not still_waits(job.pk):
        return
    with tenant_context(tenant_by_id(job.tenant_id)):
        order = Order.objects.get(uuid=job.order_id)
        if order.state == OrderState.ESCALATED:
            decline_pro(order=order, now=now, side=Side.SYSTEM)
            tell_managers(
                ToManagers.ESCALATION_LAPSED, tenant_id=job.tenant_id, order_uuid=order.uuid, now=now, once="1"
            )


@transaction.atomic
def ask_manager_for_pro(*, job_id: UUID, friend_id: UUID, words: str, now: datetime) -> None:
    """Tell the community manager that a pro is needed where none can be asked. Run on the platform.

    Raises IllegalJobMove or IllegalOrderMove unless the friend has the job.
    """
    job = job_to_work_on(job_id, friend_id)
    with tenant_context(tenant_by_id(job.tenant_id)):
        want_pro(order_uuid=job.order_id, words=words, now=now)
    once = now.isoformat()
    tell_managers(ToManagers.PRO_WANTED, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once)


def diagnosis_photo(*, order: Order, photo_id: int) -> bytes:
    """Return the JPEG of what the friend found. Run inside the tenant.

    Raises ``EscalationPhoto.DoesNotExist``.
    """
    photo = EscalationPhoto.objects.get(pk=photo_id, escalation__order__uuid=order.uuid)
    with photo.image.open("rb") as opened:
        return bytes(opened.read())


def diagnosis_photo_for_friend(*, job_id: UUID, friend_id: UUID, photo_id: int) -> bytes:
    """Return the JPEG to a pro who was offered the job, or to the friend who took it. Run on the platform.

    Raises OfferNotYours where it is not for them.
    """
    offer = offer_of(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    is_told = any(photo_id in entry.get("photos", ()) for entry in offer.job.diagnosis)
    with tenant_context(tenant_by_id(offer.job.tenant_id)):
        photo = EscalationPhoto.objects.select_related("escalation__order").filter(pk=photo_id).first()
        if photo is None or photo.escalation.order.uuid != offer.job.order_id:
            raise OfferNotYours
        if not is_told and photo.escalation.friend_id != friend_id:
            raise OfferNotYours
        return diagnosis_photo(order=photo.escalation.order, photo_id=photo_id)


def escalation_job_id(order: Order) -> UUID:
    """Return the job of the friend who handed over; with a yes the order has gone on to another."""
    job = job_by_id(order.placed_job_id)
    return job.follows_id or job.pk


def _answered_already(order: Order, wanted: str, error: IllegalJobMove) -> Order:
    """Return the order as it is where the same was answered before.

    Raises EscalationAnswered where it was the other answer.
    """
    if _escalation(order).state != wanted:
        raise EscalationAnswered from error
    return Order.objects.get(uuid=order.uuid)


def _escalation(order: Order) -> Escalation:
    escalation = Escalation.objects.filter(order__uuid=order.uuid).first()
    if escalation is None:
        raise EscalationAnswered
    return escalation


def _partner(order: Order) -> Tenant:
    return tenant_by_id(job_by_id(order.placed_job_id).tenant_id)


def _photo_ids(escalation: Escalation) -> list[int]:
    return list(escalation.photos.order_by("id").values_list("pk", flat=True))


def _masked(text: str, order: Order, job: Job) -> str:
    """Return the words with everything hidden that reaches or names the customer or the friend."""
    with platform_context():
        friend = friend_by_id(job.assigned_friend_id)
    return hide_contact(text, order=order, friend=friend).text
