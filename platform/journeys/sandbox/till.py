"""Cards in a sandbox: a test card pays, a customer disputes, and what is to go back goes back. Inside the sandbox."""

import logging
import math
import time
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from journeys.money.incoming.disputes import note_seen
from journeys.order.paying.pay_by_card import look_after, open_card_page
from kernel.clock import real_now
from kernel.errors import DomainError
from orders.models import Order
from stripe_gateway import till
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardPayment
from stripe_gateway.selectors import live_payment, unreturned_payments
from tenants.context import platform_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id

logger = logging.getLogger(__name__)


class CardDeclined(DomainError):
    """The sandbox's till does not take the test card; another one may be tried."""

    message = _("The card was declined. Please try another one.")
    code, status = "card_declined", 402


class NoCardPayment(DomainError):
    """The order has no payment by card that could be disputed."""

    message = _("This order has not been paid by card.")
    code = "no_card_payment"


def pay_by_test_card(*, order: Order, sandbox: Tenant, number: str, now: datetime) -> None:
    """Pay what an order waits for with a test card; one that is disputed is so at once.

    Raises NotWaiting, or CardDeclined.
    """
    open_card_page(order=order, language=order.language, now=now)
    with platform_context():
        payment = live_payment(tenant_id=sandbox.pk, order_id=order.uuid)
        if payment is None or not till.take_card(payment, number=number):
            raise CardDeclined
        look_after(payment.pk, now=now)
    if number == till.DISPUTED:
        dispute_payment(order=order, sandbox=sandbox, now=now)


def dispute_payment(*, order: Order, sandbox: Tenant, now: datetime) -> None:
    """Let the customer dispute what they have paid by card.

    Raises NoCardPayment.
    """
    with platform_context():
        paid = unreturned_payments(tenant_id=sandbox.pk, order_id=order.uuid)
        if not paid:
            raise NoCardPayment
        note_seen(paid[0].pk, till.dispute_of(paid[0]), now=now)


def look_after_till() -> int:
    """Look after the payments of all sandboxes that are due by their clocks, and return how many. On the platform.

    A payment that fails holds up no other.
    """
    done = 0
    for payment in CardPayment.objects.filter(provider=Provider.SANDBOX, look_at__isnull=False).order_by("look_at"):
        try:
            moment = real_now() + tenant_by_id(payment.tenant_id).clock_ahead
            if payment.look_at is not None and payment.look_at <= moment:
                _look_after(payment, moment)
                done += 1
        except Exception:
            logger.exception("Payment %s of a sandbox waits", payment.pk)
    return done


def look_after_payments_of(sandbox: Tenant, *, now: datetime, ends: float = math.inf) -> None:
    """Look after the payments of a sandbox that are due by then, but begin none from ``ends`` on (monotonic)."""
    with platform_context():
        due = CardPayment.objects.filter(provider=Provider.SANDBOX, tenant_id=sandbox.pk, look_at__lte=now)
        for payment in due.order_by("look_at", "id"):
            if time.monotonic() >= ends:
                break
            try:
                with transaction.atomic():
                    _look_after(payment, now)
            except Exception:
                logger.exception("Payment %s of a sandbox waits", payment.pk)


def _look_after(payment: CardPayment, now: datetime) -> None:
    look_after(payment.pk, now=now)
    # Until its end nothing can happen to it that nobody asks for.
    mine = CardPayment.objects.filter(pk=payment.pk, look_at=payment.look_at)
    mine.update(look_at=F("expires_at") if now < payment.expires_at else None)
