"""Extra work and another price: the friend proposes it on site, the customer says yes or no (R12, R21).

The rule of money: nothing but the customer's yes changes what an order costs, and with it everything that follows from
the price, by the rates that the order has: what each gets, what is paid, what the papers say. Who has paid by card
pays the difference by card before the yes counts, or says to pay by invoice instead; where it becomes cheaper the
difference goes back to the card. Cash and invoices follow. Whatever ends the order, or takes the job from its friend,
ends what is proposed, and money that comes for it nevertheless goes back.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.languages import texts_of
from catalog.selectors import open_packages
from dispatch.models import Job
from dispatch.moves import lock_job
from dispatch.selectors import job_by_id
from dispatch.working.extras import job_to_propose_for, reprice_job
from journeys.money.incoming.card import settle_new_price
from journeys.order.talking.hide_contact import hide_contact
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from kernel.money import Money
from kernel.wording.texts import Texts
from orders import extras
from orders.errors import ExtraAnswered, IllegalOrderMove
from orders.models import Extra, Order
from orders.states import ExtraState
from stripe_gateway.services import give_up_pages
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id


@dataclass(frozen=True)
class Listed:
    """A package of the partner's price list, where the job is done."""

    slug: str
    name: Texts
    price: Money


def price_list(job: Job) -> list[Listed]:
    """Return the partner's open packages with their prices where the job is done. On the platform."""
    with tenant_context(tenant_by_id(job.tenant_id)):
        return [
            Listed(package.slug, texts_of(package, "name"), Money(price.amount_minor, price.currency))
            for package in open_packages()
            for price in package.prices.all()
            if price.country == job.country and price.currency == job.currency
        ]


@transaction.atomic
def propose_extra(
    *,
    job_id: UUID,
    friend_id: UUID,
    words: str,
    minutes: int,
    package_slug: str = "",
    change_minor: int = 0,
    now: datetime,
) -> Extra:
    """Ask the customer for extra work, at the price of one of the partner's packages or for a fixed amount.

    On the platform. Raises IllegalJobMove or IllegalOrderMove unless the friend has the job and is in contact,
    ExtraIsOpen, PriceOutOfRange.
    """
    job = job_to_propose_for(job_id, friend_id)
    name: Texts = {}
    if package_slug:
        listed = next((one for one in price_list(job) if one.slug == package_slug), None)
        if listed is None:
            raise IllegalOrderMove
        name, change_minor = listed.name, listed.price.minor
    with tenant_context(tenant_by_id(job.tenant_id)):
        extra = extras.propose_extra(
            order_uuid=job.order_id,
            friend_id=friend_id,
            words=words.strip(),
            package_name=name,
            minutes=minutes,
            change_minor=change_minor,
            now=now,
        )
    tell_customer(
        ToCustomer.EXTRA_PROPOSED, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=str(extra.pk),
        extra=str(extra.pk),
    )  # fmt: skip
    return extra


@transaction.atomic
def take_extra_back(*, job_id: UUID, friend_id: UUID, now: datetime) -> None:
    """Let the friend take back what they have proposed. On the platform.

    Raises IllegalJobMove unless the friend has the job, ExtraAnswered where nothing waits for an answer.
    """
    job = job_to_propose_for(job_id, friend_id)
    with tenant_context(tenant_by_id(job.tenant_id)):
        extras.take_extra_back(order_uuid=job.order_id, friend_id=friend_id, now=now)
    give_up_pages(tenant_id=job.tenant_id, order_id=job.order_id, now=now)


@transaction.atomic
def accept_extra(*, order: Order, extra_id: UUID, now: datetime) -> Order:
    """Let the order cost what the friend has proposed. Run inside the tenant.

    Where less was paid by card, all of it goes back and the order is paid by invoice. A second yes changes nothing.
    Raises ExtraAnswered where it was answered otherwise or has ended.
    """
    with platform_context():
        lock_job(order.placed_job_id)
    extra = _still_open(order, extra_id, ExtraState.ACCEPTED)
    if extra is None:
        return Order.objects.get(pk=order.pk)
    tenant = _partner(order)
    with platform_context():
        job_split = reprice_job(
            job_id=order.placed_job_id, change_minor=extra.change_minor, told=_row(extra, order), now=now
        )
    accepted = extras.accept_extra(
        order_uuid=order.uuid,
        extra_id=extra.pk,
        split=replace(job_split.within(extra.price_after_minor), vat_bp=order.vat_bp),
        now=now,
    )
    settle_new_price(order=accepted, tenant_id=tenant.pk, now=now)
    once = str(extra.pk)
    tell_customer(ToCustomer.EXTRA_ACCEPTED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once=once, extra=once)
    _tell_friend(ToFriend.EXTRA_ACCEPTED, order, extra, now)
    return accepted


@transaction.atomic
def decline_extra(*, order: Order, extra_id: UUID, now: datetime) -> Order:
    """Leave the order as it was booked. Run inside the tenant.

    A second no changes nothing. Raises ExtraAnswered where it was answered otherwise or has ended.
    """
    with platform_context():
        lock_job(order.placed_job_id)
    extra = _still_open(order, extra_id, ExtraState.DECLINED)
    if extra is None:
        return Order.objects.get(pk=order.pk)
    tenant = _partner(order)
    declined = extras.decline_extra(order_uuid=order.uuid, extra_id=extra.pk, now=now)
    with platform_context():
        give_up_pages(tenant_id=tenant.pk, order_id=order.uuid, now=now)
    _tell_friend(ToFriend.EXTRA_DECLINED, order, extra, now)
    return declined


def _still_open(order: Order, extra_id: UUID, wanted: str) -> Extra | None:
    """Return what waits for an answer, or None where it has had this one; the job's row is locked.

    Raises ExtraAnswered where it has had another one, or has ended.
    """
    extra = Extra.objects.filter(pk=extra_id, order__uuid=order.uuid).first()
    if extra is None or extra.state not in {ExtraState.PROPOSED, wanted}:
        raise ExtraAnswered
    return extra if extra.state == ExtraState.PROPOSED else None


def _row(extra: Extra, order: Order) -> dict[str, Any] | None:
    """Return what another friend reads of it who may get the job one day; nothing of what makes it cheaper."""
    if extra.change_minor < 0:
        return None
    labels = {}
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            labels[code] = _("Extra work that was agreed")
    return {"label": labels, "answer": hide_contact(extra.words, order=order).text}


def _tell_friend(topic: ToFriend, order: Order, extra: Extra, now: datetime) -> None:
    job = job_by_id(order.placed_job_id)
    tell_friend(topic, job=job, friend_id=extra.friend_id, now=now, once=str(extra.pk), extra=str(extra.pk))


def _partner(order: Order) -> Tenant:
    return tenant_by_id(job_by_id(order.placed_job_id).tenant_id)
