"""A customer pays online: the hosted page, what comes of it, and every other way on.

An order that is paid online waits as ``paying`` and has no job. Only what Stripe itself says, when it is asked, lets
it be dispatched: whoever comes back from the page, a webhook, and the sweep all lead to ``look_after``. Money for which
no order waits goes back in full. An order that is paid waits once more where a friend hands over to a pro, or proposes
extra work: for the difference, with which the customer says yes.

Where money comes (``_arrived``) and where it goes (``_went_back``) is one place each, and there it is booked. Where a
bank says yes or no days later (direct debit), the order waits for it, and a no ends it like a page on which nobody
has paid.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.methods import SITE_CARD, PaymentMethod, PaymentState, method_by_code
from billing.services import (
    note_card_paid,
    note_more_paid,
    note_refund_failed,
    note_refunded,
    reprice_payment,
    settle_on_site,
)
from dispatch.working.paying import hold_job
from journeys.money.books import book_card_paid, book_refund_failed, book_refunds
from journeys.money.incoming.card import begin_card_payment, due_by_card, give_back, is_waited_for, return_late_payment
from journeys.money.incoming.claims import note_paid_online
from journeys.money.incoming.disputes import follow_disputes
from journeys.order.booking.book_package import release_waiting
from journeys.order.paying.bill_order import bill_order
from journeys.order.paying.give_tip import begin_tip, take_tip
from journeys.order.working.escalate_to_pro import approve_pro
from journeys.order.working.extra_work import accept_extra
from journeys.posting import tell, tell_customer
from journeys.topics import ToCustomer, ToOperators
from kernel.errors import DomainError
from orders.models import Order
from orders.moves import locked_order
from orders.selectors import open_extra
from orders.services.orders import cancel_order as cancel
from orders.services.orders import change_way_to_pay, end_unpaid, note_paid_on_site
from orders.states import OrderState, Side
from stripe_gateway import services as gateway
from stripe_gateway.errors import RefusedByProvider, UnableToReachProvider
from stripe_gateway.models import CardPayment, CardRefund
from stripe_gateway.selectors import live_payment, payment_by_id, refunds_done, refunds_undone
from stripe_gateway.services import Seen
from stripe_gateway.states import CardState, Purpose, RefundState
from tenants.context import current_tenant, platform_context, tenant_context
from tenants.errors import SchemaBehind
from tenants.models import Tenant
from tenants.selectors import tenant_by_id

logger = logging.getLogger(__name__)

# So many payments are looked at in one turn of the sweep.
A_TURN = 50


class NotWaiting(DomainError):
    """The order is paid, is paid another way, or has ended."""

    message = _("This order no longer waits for a payment.")
    code = "not_waiting_for_payment"


def open_card_page(*, order: Order, language: str, now: datetime) -> str:
    """Return the address of the page on which the customer pays; asked for again, it is the same page. In the tenant.

    Raises NotWaiting, UnableToReachProvider or RefusedByProvider.
    """
    tenant = _tenant()
    with transaction.atomic():
        locked = locked_order(order.uuid)
        if not due_by_card(locked):
            raise NotWaiting
        payment = begin_card_payment(order=locked, tenant=tenant, language=language, now=now)
    return _page_of(payment, now)


def open_tip_page(*, order: Order, amount_minor: int, language: str, now: datetime) -> str:
    """Return the address of the page on which the customer pays a tip by card. In the tenant.

    Raises what ``begin_tip`` does, NotWaiting where it is paid, UnableToReachProvider or RefusedByProvider.
    """
    payment = begin_tip(order=order, tenant=_tenant(), amount_minor=amount_minor, language=language, now=now)
    return _page_of(payment, now)


def check_payment(*, order: Order, purpose: str = Purpose.ORDER, now: datetime) -> bool:
    """Ask the provider at once whether a waiting order or tip is paid; say whether it could be asked. In the tenant."""
    tenant = _tenant()
    with platform_context():
        payment = live_payment(tenant_id=tenant.pk, order_id=order.uuid, purpose=purpose)
        if payment is None:
            return True
        try:
            look_after(payment.pk, now=now)
        except UnableToReachProvider as error:
            logger.warning("%s cannot be asked about %s: %s", payment.provider, payment.pk, error.__cause__)
            return False
        except RefusedByProvider as error:
            logger.error("%s does not answer about %s: %s", payment.provider, payment.pk, error.__cause__)
    return True


def is_pending(order: Order) -> bool:
    """Say whether the customer of a waiting order has done their part, and their bank has not. In the tenant."""
    tenant = _tenant()
    with platform_context():
        payment = live_payment(tenant_id=tenant.pk, order_id=order.uuid)
    return payment is not None and payment.pending_since is not None


def pay_another_way(*, order: Order, method: PaymentMethod, language: str, now: datetime) -> Order:
    """Let a waiting order be paid another way, and where that needs no money first, ask friends at once. In the tenant.

    What the customer has just paid counts: then the order is released as paid. Raises NotWaiting.
    """
    check_payment(order=order, now=now)
    with transaction.atomic():
        locked = locked_order(order.uuid)
        if locked.state != OrderState.PAYING or method.code == locked.payment_method:
            raise NotWaiting
        tenant = _tenant()
        give_back(order=locked, tenant_id=tenant.pk, why="another_way", now=now)
        chosen = change_way_to_pay(order_uuid=order.uuid, method=method.code, side=Side.CUSTOMER, now=now)
        reprice_payment(order=chosen, method=method)
        if method.is_paid_first:
            # At once, so that the end of the former attempt is not the order's.
            begin_card_payment(order=chosen, tenant=tenant, language=language, now=now)
            return chosen
        return release_waiting(chosen, now=now)


def sweep_card_payments(*, now: datetime) -> int:
    """Look after the payments that are due, oldest first, and return how many. On the platform."""
    done = 0
    while done < A_TURN and (claimed := gateway.claim_due(now=now)) is not None:
        done += 1
        try:
            look_after(claimed.pk, now=now)
        except SchemaBehind:
            logger.warning("The card payment %s waits for its partner's migrations", claimed.pk)
        except UnableToReachProvider as error:
            # The others would wait for the same answer.
            gateway.note_failed(claimed, error)
            logger.warning("%s cannot be asked about %s: %s", claimed.provider, claimed.pk, error.__cause__)
            break
        except Exception as error:
            gateway.note_failed(claimed, error)
            logger.exception("The card payment %s is looked after later", claimed.pk)
        else:
            gateway.note_looked(claimed, now=now)
    return done


def look_after(payment_id: UUID, *, now: datetime) -> None:
    """Ask the provider how a payment stands, act on it, and send back what is to go back. On the platform.

    Twice, late, or at the same moment as somebody else changes nothing. Raises UnableToReachProvider or
    RefusedByProvider.
    """
    ask_about(payment_id, now=now)
    follow_disputes(payment_id, now=now)
    gateway.note_failed_refunds(payment_id)
    is_all_back = gateway.make_refunds(payment_id, now=now)
    if done := refunds_done(payment_id):
        _went_back(payment_by_id(payment_id), done, now, is_all=is_all_back)
    if undone := refunds_undone(payment_id):
        _came_back(payment_by_id(payment_id), undone, now)


def _page_of(payment: CardPayment, now: datetime) -> str:
    with platform_context():
        seen = ask_about(payment.pk, now=now)
    if not seen.url:
        raise NotWaiting
    return seen.url


def ask_about(payment_id: UUID, *, now: datetime) -> Seen:
    """Ask the provider how a payment stands, act on it, and return what was seen. On the platform.

    Raises UnableToReachProvider or RefusedByProvider.
    """
    seen = gateway.look(payment_id, now=now)
    match seen.state:
        case CardState.PAID:
            _arrived(payment_by_id(payment_id), seen, now)
        case CardState.OVER:
            _lapsed(payment_by_id(payment_id), now)
        case CardState.WRONG:
            _came_wrong(payment_id, seen, now)
        case CardState.OPEN if seen.is_pending:
            _waits_for_bank(payment_by_id(payment_id), now)
    return seen


@transaction.atomic
def _arrived(payment: CardPayment, seen: Seen, now: datetime) -> None:
    """Let the order go that waits for the money; where none does, the money goes back."""
    tenant = tenant_by_id(payment.tenant_id)
    order = _locked(tenant, payment)
    if not gateway.mark_paid(payment.pk, intent_id=seen.intent_id, now=now):
        return
    with tenant_context(tenant):
        if payment.purpose == Purpose.TIP and take_tip(order=order, tenant=tenant, payment=payment, now=now):
            # Booked as what it is: it was never the customer's account.
            return
        if payment.purpose == Purpose.ORDER and is_waited_for(payment, order):
            _let_go(tenant, order, payment, now)
        elif _waited_until_its_end(payment, order):
            note_card_paid(order=order, now=now)
            give_back(order=order, tenant_id=tenant.pk, why="late", now=now)
            _tell_of_late(tenant, order, payment, now)
        else:
            with platform_context():
                return_late_payment(payment_id=payment.pk, amount_minor=payment.amount_minor, now=now)
            _tell_of_late(tenant, order, payment, now)
    book_card_paid(payment=payment, tenant=tenant, now=now)


def _waited_until_its_end(payment: CardPayment, order: Order) -> bool:
    """Say whether a payment is that of an order that has ended before it came."""
    is_over = payment.purpose == Purpose.ORDER and order.state == OrderState.CANCELLED
    return is_over and order.payment.state == PaymentState.WAITING


@transaction.atomic
def _waits_for_bank(payment: CardPayment, now: datetime) -> None:
    """Tell the customer, once, that their bank takes its time."""
    if not gateway.mark_pending(payment.pk, now=now):
        return
    tenant = tenant_by_id(payment.tenant_id)
    with tenant_context(tenant):
        tell_customer(
            ToCustomer.PAYMENT_PENDING,
            tenant_id=tenant.pk,
            order_uuid=payment.order_id,
            now=now,
            once=str(payment.pk),
        )


def _locked(tenant: Tenant, payment: CardPayment) -> Order:
    """Lock the payment's order, after its job where it has one, as every answer about a pro does.

    Whoever confirms the work at this moment may write the job's deadlines.
    """
    with tenant_context(tenant):
        job_id = Order.objects.values_list("job_id", flat=True).get(uuid=payment.order_id)
        if job_id is not None:
            with platform_context():
                hold_job(job_id)
        return locked_order(payment.order_id)


def _let_go(tenant: Tenant, order: Order, payment: CardPayment, now: datetime) -> None:
    if order.payment_method == SITE_CARD.code:
        settle_on_site(order=order, now=now)
        note_paid_on_site(order=order, now=now)
        note_paid_online(order=order, tenant=tenant, now=now)
        bill_order(order=order, tenant=tenant, now=now)
        return
    if order.state == OrderState.ESCALATED:
        note_more_paid(order=order, amount_minor=due_by_card(order), now=now)
        approve_pro(order=order, now=now)
        return
    extra = open_extra(order)
    if extra is not None:
        note_more_paid(order=order, amount_minor=due_by_card(order), now=now)
        accept_extra(order=order, extra_id=extra.pk, now=now)
        return
    if payment.way != order.payment_method:
        # It came while the customer was choosing another way.
        order = change_way_to_pay(order_uuid=order.uuid, method=payment.way, side=Side.SYSTEM, now=now)
        reprice_payment(order=order, method=method_by_code(payment.way))
    note_card_paid(order=order, now=now)
    _release(tenant, order, now)


def _release(tenant: Tenant, order: Order, now: datetime) -> None:
    """Let friends be asked; where the package cannot be had any more, the order ends and the money goes back."""
    try:
        with transaction.atomic():
            release_waiting(order, now=now)
    except DomainError as error:
        ended = cancel(order_uuid=order.uuid, side=Side.MANAGER, who=tenant.name, why=str(error), now=now)
        give_back(order=ended, tenant_id=tenant.pk, why="not_released", now=now)
        tell_customer(
            ToCustomer.ORDER_CANCELLED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once="unreleased"
        )


def _tell_of_late(tenant: Tenant, order: Order, payment: CardPayment, now: datetime) -> None:
    once = str(payment.pk)
    tell_customer(ToCustomer.PAYMENT_RETURNED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once=once)


@transaction.atomic
def _lapsed(payment: CardPayment, now: datetime) -> None:
    """End the order that was not paid in time, unless another attempt is under way or it is paid another way."""
    tenant = tenant_by_id(payment.tenant_id)
    with tenant_context(tenant):
        order = locked_order(payment.order_id)
    if not gateway.mark_over(payment.pk):
        return
    if order.state == OrderState.PAYING and live_payment(tenant_id=tenant.pk, order_id=order.uuid) is None:
        with tenant_context(tenant):
            end_unpaid(order_uuid=order.uuid, now=now)
            tell_customer(ToCustomer.ORDER_NOT_PAID, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once="1")


@transaction.atomic
def _went_back(payment: CardPayment, done: Sequence[CardRefund], now: datetime, *, is_all: bool) -> None:
    tenant = tenant_by_id(payment.tenant_id)
    if is_all and payment.purpose == Purpose.ORDER:
        with tenant_context(tenant):
            note_refunded(order_uuid=payment.order_id, now=now)
    if payment.state == CardState.WRONG:
        # It was the customer's all the time; now that it has gone back, the books may say so.
        book_card_paid(payment=payment, tenant=tenant, now=now)
    book_refunds(payment=payment, refunds=done, tenant=tenant, now=now)


@transaction.atomic
def _came_back(payment: CardPayment, undone: Sequence[CardRefund], now: datetime) -> None:
    """Take back what the books say of refunds that no bank has taken; operators are told of each, once."""
    tenant = tenant_by_id(payment.tenant_id)
    for refund in undone:
        if refund.state == RefundState.FAILED:
            if payment.purpose == Purpose.ORDER:
                with tenant_context(tenant):
                    note_refund_failed(order_uuid=payment.order_id)
            tell(ToOperators.REFUND_FAILED, refund.pk, now=now)
        book_refund_failed(refund=refund, tenant=tenant, now=now)


@transaction.atomic
def _came_wrong(payment_id: UUID, seen: Seen, now: datetime) -> None:
    """Let operators look at money that is not what was asked for; it releases nothing."""
    if gateway.mark_wrong(payment_id, seen=seen):
        logger.error("The card payment %s is not what was asked for: %s", payment_id, seen.fault)
        tell(ToOperators.PAYMENT_WRONG, payment_id, now=now)


def look_again_at(payment_id: UUID, *, now: datetime) -> bool:
    """Ask Stripe once more about a payment that is not what was asked for, and say whether it is right now.

    On the platform. Raises UnableToReachProvider or RefusedByProvider.
    """
    look_after(payment_id, now=now)
    return payment_by_id(payment_id).state != CardState.WRONG


@transaction.atomic
def return_wrong_payment(payment_id: UUID, *, who: str, now: datetime) -> bool:
    """Send back a payment that is not what was asked for, end the order that waits for it, and tell the customer.

    Say whether there was something to send back. On the platform.
    """
    payment = payment_by_id(payment_id)
    tenant = tenant_by_id(payment.tenant_id)
    order = _locked(tenant, payment)
    if not gateway.return_wrong(payment_id, who=who, now=now):
        return False
    is_tried_again = live_payment(tenant_id=tenant.pk, order_id=order.uuid) is not None
    with tenant_context(tenant):
        if order.state == OrderState.PAYING and not is_tried_again:
            end_unpaid(order_uuid=order.uuid, now=now)
        tell_customer(
            ToCustomer.WRONG_PAYMENT_RETURNED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once=str(payment_id)
        )
    return True


def _tenant() -> Tenant:
    tenant = current_tenant()
    if tenant is None:
        raise RuntimeError("Paying runs inside a tenant.")
    return tenant
