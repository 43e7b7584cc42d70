"""The customer pays when the work is done: by card on a page or a reader, or in cash; and changes the way at the door.

The friend's phone shows the page's address as a code, or a card reader asks for the card. What has come is read from
the provider and never taken from a way back: ``pay_by_card`` settles it as it does every other card payment. Whoever
changes the way to pay first asks what has just been paid, and frees what was paid or asked for by card.

Locks: the job, its friend, the order, its payment.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.methods import CASH, SITE_CARD, PaymentMethod, PaymentState, is_paid_online, method_by_code
from billing.selectors import available_methods, on_site_provider
from billing.services import pay_instead, settle_on_site
from crowd.selectors import friend_by_id
from dispatch.errors import IllegalJobMove
from dispatch.models import Job
from dispatch.selectors import job_by_id
from dispatch.working.paying import hold_job, pay_job_by
from journeys.money.books import book_cash
from journeys.money.incoming.card import begin_site_payment, due_on_site, give_back
from journeys.order.paying.bill_order import bill_order
from journeys.order.paying.pay_by_card import NotWaiting, ask_about, check_payment
from journeys.order.rating.publish_ratings import hold_friend_of
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from kernel.errors import DomainError
from orders.models import Order
from orders.moves import locked_order
from orders.permits import may_change_way_to_pay
from orders.selectors import open_objection, order_by_uuid
from orders.services.orders import change_way_to_pay
from orders.states import Side
from stripe_gateway import services as gateway
from stripe_gateway.at_sumup import start_reader
from stripe_gateway.errors import RefusedByProvider, UnableToReachProvider
from stripe_gateway.kinds import Provider
from stripe_gateway.selectors import has_wrong_payment, live_payment
from stripe_gateway.services import Seen
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id

logger = logging.getLogger(__name__)


class WayIsClosed(DomainError):
    """The order cannot be paid that way any more."""

    message = _("The order can't be paid that way any more. Its page shows how it stands.")
    code = "way_is_closed"


@dataclass(frozen=True)
class OnSite:
    """How it stands with a payment on site. ``due_minor`` is nothing once it is paid, ``is_paid`` says so.

    ``url`` is the page that is open for it, ``reader`` the name of the card reader that asks for the card. ``is_asked``
    is whether the provider could be asked, ``is_wrong`` whether something else has come than was asked for. ``readers``
    are the ids and names of those that may be chosen. No cash is taken where an invoice has gone out.
    """

    due_minor: int
    is_paid: bool
    method: PaymentMethod
    takes_cards: bool
    readers: tuple[tuple[str, str], ...] = ()
    url: str = ""
    reader: str = ""
    is_asked: bool = True
    is_wrong: bool = False
    takes_cash: bool = True

    @property
    def is_waiting(self) -> bool:
        """Say whether a card is being waited for."""
        return bool(self.due_minor and (self.url or self.reader))


def on_site(*, job_id: UUID, friend_id: UUID, now: datetime) -> OnSite:
    """Return how it stands with the payment of a friend's job, as the provider says at this moment. On the platform.

    Raises IllegalJobMove unless the friend has the job.
    """
    job, tenant = _mine(job_id, friend_id)
    seen, is_asked = _look(job, now)
    with tenant_context(tenant):
        order = order_by_uuid(job.order_id)
        payment, provider = order.payment, on_site_provider(tenant, order.country)
        due_minor = 0 if open_objection(order) else _due(order, job)
    live = live_payment(tenant_id=tenant.pk, order_id=job.order_id)
    is_open = live is not None and due_minor
    readers = tuple((one, name) for one, name in tenant.card_readers) if provider == Provider.SUMUP else ()
    return OnSite(
        due_minor=due_minor,
        is_paid=payment.state == PaymentState.PAID,
        method=method_by_code(order.payment_method),
        takes_cards=bool(provider),
        readers=readers,
        url=seen.url if is_open and seen else "",
        reader=dict(readers).get(live.reader, live.reader) if live and is_open else "",
        is_asked=is_asked,
        is_wrong=has_wrong_payment(tenant_id=tenant.pk, order_id=job.order_id),
        takes_cash=payment.invoiced_at is None,
    )


def ask_for_card(*, job_id: UUID, friend_id: UUID, reader: str = "", now: datetime) -> None:
    """Open the page on which the customer of done work pays, or let a card reader ask for the card. On the platform.

    Asked for again it is the same one; another one closes the first. Raises IllegalJobMove unless the friend has the
    job, NotWaiting where nothing is to be paid, WayIsClosed without cards or such a reader, UnableToReachProvider or
    RefusedByProvider.
    """
    job, tenant = _mine(job_id, friend_id)
    _look(job, now)
    with transaction.atomic(), tenant_context(tenant):
        order = _locked(job)
        if not _due(order, job):
            raise NotWaiting
        known = dict(tenant.card_readers) if on_site_provider(tenant, order.country) == Provider.SUMUP else {}
        if not on_site_provider(tenant, order.country) or (reader and reader not in known):
            raise WayIsClosed
        if order.payment_method != SITE_CARD.code:
            order = _change(order, job, tenant, SITE_CARD, Side.FRIEND, now)
        _give_up_other(order, tenant, reader, now)
        payment = begin_site_payment(order=order, tenant=tenant, language=order.language, reader=reader, now=now)
    if payment.reader:
        start_reader(payment, now=now)
        return
    ask_about(payment.pk, now=now)


def take_cash(*, job_id: UUID, friend_id: UUID, now: datetime) -> bool:
    """Record that the customer of done work has paid the friend in cash; say no where they have paid by card meanwhile.

    On the platform. Raises IllegalJobMove unless the friend has the job, WayIsClosed where the friend owes too much
    from cash already and the customer had chosen a card, or an invoice asks for it.
    """
    job, tenant = _mine(job_id, friend_id)
    _look(job, now)
    with transaction.atomic(), tenant_context(tenant):
        order = _locked(job)
        if not _due(order, job):
            return False
        if order.payment.invoiced_at:
            raise WayIsClosed
        if order.payment_method != CASH.code:
            if not _may_take_cash(order):
                raise WayIsClosed
            order = _change(order, job, tenant, CASH, Side.FRIEND, now)
        settle_on_site(order=order, now=now)
        bill_order(order=order, tenant=tenant, now=now)
        book_cash(order=order, job=job, tenant=tenant, now=now)
    return True


def ways_at_the_door(order: Order, tenant: Tenant) -> list[PaymentMethod]:
    """Return the other ways to pay that the customer may still change to. Run inside the tenant."""
    if not is_way_open(order):
        return []
    return [
        method
        for method in available_methods(tenant, order.country)
        if method.code != order.payment_method
        and not method.is_paid_first
        and (method != CASH or _may_take_cash(order))
    ]


def is_way_open(order: Order) -> bool:
    """Say whether the customer may still change the way to pay, if there is another. Run inside the tenant."""
    if not may_change_way_to_pay(order.state) or open_objection(order):
        return False
    return order.payment.state in {PaymentState.DUE_ON_SITE, PaymentState.TO_INVOICE} or _is_held(order)


def change_at_the_door(*, order: Order, method: PaymentMethod, now: datetime) -> Order:
    """Let the customer pay another way; the friend sees it at once. What was paid by card goes back. In the tenant.

    What has just been paid on site counts. Raises WayIsClosed.
    """
    check_payment(order=order, now=now)
    with transaction.atomic():
        with platform_context():
            job = hold_job(order.placed_job_id)
        hold_friend_of(order.uuid)
        locked = locked_order(order.uuid)
        tenant = tenant_by_id(job.tenant_id)
        if method not in ways_at_the_door(locked, tenant):
            raise WayIsClosed
        return _change(locked, job, tenant, method, Side.CUSTOMER, now)


def _change(order: Order, job: Job, tenant: Tenant, method: PaymentMethod, side: Side, now: datetime) -> Order:
    """Put a locked order on another way to pay, with its job, and tell the other side."""
    back_minor = give_back(order=order, tenant_id=tenant.pk, why="another_way", now=now)
    changed = change_way_to_pay(order_uuid=order.uuid, method=method.code, side=side, now=now)
    pay_instead(order=changed, method=method)
    with platform_context():
        pay_job_by(job.pk, method.code)
    once = now.isoformat()
    if side == Side.CUSTOMER:
        tell_friend(
            ToFriend.WAY_TO_PAY_CHANGED, job=job, friend_id=job.assigned_friend_id, now=now, once=once,
            method=method.code,
        )  # fmt: skip
    if back_minor:
        tell_customer(
            ToCustomer.WAY_TO_PAY_CHANGED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once=once,
            method=method.code, back=back_minor,
        )  # fmt: skip
    return changed


def _give_up_other(order: Order, tenant: Tenant, reader: str, now: datetime) -> None:
    """Close what waits for a card elsewhere than is asked for now, and what nobody can pay on any more."""
    with platform_context():
        live = live_payment(tenant_id=tenant.pk, order_id=order.uuid)
        if live is not None and (live.reader != reader or live.expires_at <= now):
            gateway.give_up_pages(tenant_id=tenant.pk, order_id=order.uuid, now=now)


def _look(job: Job, now: datetime) -> tuple[Seen | None, bool]:
    """Ask the provider about what is open, settle it, and say whether it could be asked. On the platform."""
    live = live_payment(tenant_id=job.tenant_id, order_id=job.order_id)
    if live is None:
        return None, True
    try:
        return ask_about(live.pk, now=now), True
    except UnableToReachProvider as error:
        logger.warning("%s cannot be asked about %s: %s", live.provider, live.pk, error.__cause__)
    except RefusedByProvider as error:
        logger.error("%s does not answer about %s: %s", live.provider, live.pk, error.__cause__)
    return None, False


def _mine(job_id: UUID, friend_id: UUID) -> tuple[Job, Tenant]:
    job = job_by_id(job_id)
    if job.friend_id != friend_id:
        raise IllegalJobMove
    return job, tenant_by_id(job.tenant_id)


def _locked(job: Job) -> Order:
    """Lock job, friend and order, in the order in which everybody does. Run inside the tenant."""
    with platform_context():
        hold_job(job.pk)
    hold_friend_of(job.order_id)
    return locked_order(job.order_id)


def _due(order: Order, job: Job) -> int:
    """Return what is to be paid to whoever has the job; nothing where the order goes on with another one."""
    return due_on_site(order) if order.job_id == job.pk else 0


def _is_held(order: Order) -> bool:
    """Say whether the customer has paid by card before the work was done."""
    return order.payment.state == PaymentState.PAID and is_paid_online(order.payment_method) and not order.done_at


def _may_take_cash(order: Order) -> bool:
    """Say whether whoever has the job may be given more cash."""
    if order.friend_id is None:
        return False
    with platform_context():
        return order.currency not in friend_by_id(order.friend_id).cashless_in
