"""A customer gives a tip: all of it is the friend's, without commission and VAT (R12). Run inside the tenant.

By card it is a payment of its own beside the order's, on the same hosted page; ``pay_by_card`` hears of it. One in cash
was given on site: it is the friend's at once, so it is noted and not booked.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from billing.methods import CARD
from dispatch.selectors import job_by_id
from journeys.links import order_url
from journeys.money.books import book_tip
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from orders import tips
from orders.errors import OrderBeingPaid
from orders.models import Order, Tip
from stripe_gateway.models import CardPayment
from stripe_gateway.selectors import live_payment
from stripe_gateway.services import begin_payment, give_up_pages
from stripe_gateway.states import Purpose
from tenants.context import platform_context
from tenants.models import Tenant


@transaction.atomic
def begin_tip(*, order: Order, tenant: Tenant, amount_minor: int, language: str, now: datetime) -> CardPayment:
    """Write down a tip and its payment by card, or return the attempt under way; nobody is called yet.

    Raises IllegalOrderMove before the work is done, OrderBeingPaid, TipGiven, TipOutOfRange.
    """
    tip = tips.promise_tip(order_uuid=order.uuid, amount_minor=amount_minor, now=now)
    with translation.override(language):
        title = _("Tip for %(friend)s · %(number)s") % {"friend": order.friend_name, "number": order.number}
    with platform_context():
        if live_payment(tenant_id=tenant.pk, order_id=order.uuid) is not None:
            raise OrderBeingPaid
        live = live_payment(tenant_id=tenant.pk, order_id=order.uuid, purpose=Purpose.TIP)
        if live is not None and live.amount_minor != tip.amount_minor:
            give_up_pages(tenant_id=tenant.pk, order_id=order.uuid, purpose=Purpose.TIP, now=now)
        return begin_payment(
            tenant_id=tenant.pk,
            order_id=order.uuid,
            purpose=Purpose.TIP,
            amount_minor=tip.amount_minor,
            currency=order.currency,
            way=CARD.code,
            title=title,
            return_url=order_url(tenant, order.uuid, language),
            language=language,
            now=now,
        )


@transaction.atomic
def give_tip_in_cash(*, order: Order, tenant: Tenant, amount_minor: int, now: datetime) -> None:
    """Note a tip that was given on site; the friend is told.

    Raises IllegalOrderMove before the work is done, TipGiven, TipOutOfRange.
    """
    tip = tips.note_cash_tip(order_uuid=order.uuid, amount_minor=amount_minor, now=now)
    with platform_context():
        give_up_pages(tenant_id=tenant.pk, order_id=order.uuid, purpose=Purpose.TIP, now=now)
    _tell(order, tip, now)


def take_tip(*, order: Order, tenant: Tenant, payment: CardPayment, now: datetime) -> bool:
    """Take what has come by card as the tip, book it and tell both; say whether one was waited for.

    In the caller's transaction, with the order locked.
    """
    tip = tips.take_tip(order=order, amount_minor=payment.amount_minor, now=now)
    if tip is None:
        return False
    once = str(payment.pk)
    tell_customer(ToCustomer.TIP_PAID, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once=once)
    _tell(order, tip, now)
    book_tip(payment=payment, job=job_by_id(order.placed_job_id), tenant=tenant, now=now)
    return True


def _tell(order: Order, tip: Tip, now: datetime) -> None:
    job = job_by_id(order.placed_job_id)
    tell_friend(ToFriend.TIP_GIVEN, job=job, friend_id=tip.friend_id, now=now, once="1")
