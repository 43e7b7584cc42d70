"""An order and its payment online: it is begun, and goes back where the order ends. Run inside the tenant.

Locks are taken in one order: the order first, then its payment.
"""

from datetime import datetime
from uuid import UUID

from billing.methods import BY_PARTNER, CARD, INVOICE, SITE_CARD, PaymentState, is_paid_online, method_by_code
from billing.models import Payment
from billing.selectors import on_site_provider
from billing.services import note_refund, pay_instead, reprice_payment
from journeys.links import booked_url, order_url, paid_url, sumup_url
from journeys.money.incoming.claims import open_amount
from journeys.posting import tell_customer
from journeys.topics import ToCustomer
from kernel.wording.texts import pick
from orders.models import Extra, Order
from orders.permits import may_propose_extra
from orders.selectors import open_extra, was_refunded
from orders.services.orders import change_way_to_pay
from orders.states import OrderState, Side
from stripe_gateway.at_sumup import begin_at_sumup
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardPayment
from stripe_gateway.selectors import live_payment, unreturned_payments
from stripe_gateway.services import ask_refund, begin_payment, give_up_pages
from stripe_gateway.states import Purpose
from tenants.context import platform_context
from tenants.models import Tenant


def due_by_card(order: Order) -> int:
    """Return what an order waits for, in minor units: its price, the difference to a pro's, extra work; or nothing."""
    if order.payment_method == SITE_CARD.code:
        return due_on_site(order)
    if not is_paid_online(order.payment_method):
        return 0
    if order.state == OrderState.PAYING:
        return order.due_minor
    if order.state == OrderState.ESCALATED:
        asked = order.escalation
        return order.own_difference(asked.price_before_minor, asked.price_after_minor)
    extra = _asked_extra(order)
    return max(order.own_difference(extra.price_before_minor, extra.price_after_minor), 0) if extra else 0


def is_waited_for(payment: CardPayment, order: Order) -> bool:
    """Say whether a payment is what the order waits for: so much, and begun since the customer was asked for it."""
    extra = _asked_extra(order)
    is_newer = extra is None or payment.created_at >= extra.created_at
    return is_newer and payment.amount_minor == due_by_card(order)


def due_on_site(order: Order) -> int:
    """Return what the customer of done work has yet to pay on site, in minor units; nothing where they have."""
    if not _is_to_be_paid_on_site(order) or order.payment.state != PaymentState.DUE_ON_SITE or was_refunded(order):
        return 0
    payment = order.payment
    return open_amount(order) if payment.invoiced_at else payment.amount_minor


def is_unpaid_on_site(order: Order) -> bool:
    """Say whether confirmed work was to be paid on site, is not, and no invoice asks for it yet."""
    if order.state != OrderState.CONFIRMED or not order.due_minor:
        return False
    payment = Payment.objects.get(order=order)
    return payment.state == PaymentState.DUE_ON_SITE and payment.invoiced_at is None and not was_refunded(order)


def is_paid_on_site(order: Order) -> bool:
    """Say whether the customer has paid once the work was done, in cash or by card."""
    return _is_to_be_paid_on_site(order) and order.payment.state == PaymentState.PAID


def _is_to_be_paid_on_site(order: Order) -> bool:
    is_done = order.state in {OrderState.DONE, OrderState.CONFIRMED}
    return is_done and method_by_code(order.payment_method).is_on_site


def begin_card_payment(*, order: Order, tenant: Tenant, language: str, now: datetime) -> CardPayment:
    """Write down that what an order waits for is paid by card, or return the attempt under way; nobody is called yet.

    In the caller's transaction, with the order locked or new.
    """
    if order.payment_method == SITE_CARD.code:
        return begin_site_payment(order=order, tenant=tenant, language=language, now=now)
    if order.state == OrderState.PAYING:
        return_url = booked_url(tenant, order.draft_id, language)
    else:
        return_url = order_url(tenant, order.uuid, language)
    method = method_by_code(order.payment_method)
    # An answer about a new price does not wait for a bank for days.
    way = CARD if method.is_slow and order.state != OrderState.PAYING else method
    title = f"{pick(order.package_name, language)} · {order.number}"
    amount_minor = due_by_card(order)
    if order.state != OrderState.PAYING:
        _give_up_other_pages(order, tenant, now)
    with platform_context():
        return begin_payment(
            tenant_id=tenant.pk,
            order_id=order.uuid,
            amount_minor=amount_minor,
            currency=order.currency,
            way=way.code,
            title=title,
            return_url=return_url,
            language=language,
            now=now,
        )


def begin_site_payment(*, order: Order, tenant: Tenant, language: str, reader: str = "", now: datetime) -> CardPayment:
    """Write down that done work is paid by card on site, on a hosted page or a reader; nobody is called yet.

    In the caller's transaction, with the order locked.
    """
    provider = on_site_provider(tenant, order.country)
    title = f"{pick(order.package_name, language)} · {order.number}"
    return_url, amount_minor = paid_url(tenant, order.uuid, language), due_on_site(order)
    _give_up_other_pages(order, tenant, now)
    with platform_context():
        # One attempt at a time, over what is owed now: a tip that is not paid yet waits for the order.
        give_up_pages(tenant_id=tenant.pk, order_id=order.uuid, purpose=Purpose.TIP, now=now)
        if provider == Provider.SUMUP:
            return begin_at_sumup(
                tenant_id=tenant.pk,
                order_id=order.uuid,
                amount_minor=amount_minor,
                currency=order.currency,
                title=title,
                return_url=return_url,
                notify_url=sumup_url(),
                reader=reader,
                now=now,
            )
        return begin_payment(
            tenant_id=tenant.pk,
            order_id=order.uuid,
            amount_minor=amount_minor,
            currency=order.currency,
            way=CARD.code,
            title=title,
            return_url=return_url,
            language=language,
            now=now,
        )


def give_back(*, order: Order, tenant_id: int, why: str, keep_minor: int = 0, now: datetime) -> int:
    """Let what was paid by card go back, but for what is kept, and return how much that is, in minor units.

    A page that is still open is closed; money that arrives nevertheless goes back when it arrives. In the caller's
    transaction, with the order locked.
    """
    if not method_by_code(order.payment_method).is_by_provider:
        return 0
    with platform_context():
        give_up_pages(tenant_id=tenant_id, order_id=order.uuid, now=now)
        payments = unreturned_payments(tenant_id=tenant_id, order_id=order.uuid)
        back = rest = max(0, sum(payment.kept_minor for payment in payments) - keep_minor)
        for payment in payments:
            amount_minor = min(rest, payment.kept_minor)
            if amount_minor:
                ask_refund(payment.pk, amount_minor=amount_minor, why=why, now=now)
            rest -= amount_minor
    if back:
        note_refund(order=order, amount_minor=back)
    return back


def settle_new_price(*, order: Order, tenant_id: int, now: datetime) -> None:
    """Bring an order's payment up to its new price.

    Of what was paid by card the rest goes back; where it is not enough, all of it does, and the order is paid by
    invoice. So is what a customer has agreed to beyond what the partner pays. In the caller's transaction, with the
    order locked.
    """
    if not is_paid_online(order.payment_method):
        is_new = order.due_minor > 0 and order.payment_method == BY_PARTNER.code
        reprice_payment(order=order, method=INVOICE if is_new else None)
        if is_new:
            bill_later(order=order, now=now)
        return
    with platform_context():
        payments = unreturned_payments(tenant_id=tenant_id, order_id=order.uuid)
    if sum(payment.kept_minor for payment in payments) < order.due_minor:
        pay_by_invoice_instead(order=order, tenant_id=tenant_id, now=now)
    else:
        give_back(order=order, tenant_id=tenant_id, why="price_fell", keep_minor=order.due_minor, now=now)


def pay_by_invoice_instead(*, order: Order, tenant_id: int, now: datetime) -> None:
    """Send back what was paid by card, let the order be paid by invoice, and tell the customer.

    Where the customer would rather pay a higher price by invoice, or the order comes back after its refund. Nothing
    happens to other ways to pay. In the caller's transaction, with the order locked.
    """
    if not is_paid_online(order.payment_method):
        return
    give_back(order=order, tenant_id=tenant_id, why="by_invoice", now=now)
    bill_later(order=order, now=now)
    pay_instead(order=order, method=INVOICE)
    once = now.isoformat()
    tell_customer(ToCustomer.CARD_REPLACED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once=once)


def bill_later(*, order: Order, now: datetime) -> None:
    """Let an order be paid by invoice. In the caller's transaction, with the order locked."""
    order.payment_method = INVOICE.code
    change_way_to_pay(order_uuid=order.uuid, method=INVOICE.code, side=Side.SYSTEM, now=now)


def return_late_payment(*, payment_id: UUID, amount_minor: int, now: datetime) -> None:
    """Send money back that nobody waits for. Run on the platform, in the caller's transaction."""
    ask_refund(payment_id, amount_minor=amount_minor, why="late", now=now)


def _give_up_other_pages(order: Order, tenant: Tenant, now: datetime) -> None:
    """Close a page over what was due before: what a friend had proposed, or an invoice without a reminder's fee."""
    with platform_context():
        live = live_payment(tenant_id=tenant.pk, order_id=order.uuid)
    if live is not None and not is_waited_for(live, order):
        with platform_context():
            give_up_pages(tenant_id=tenant.pk, order_id=order.uuid, now=now)


def _asked_extra(order: Order) -> Extra | None:
    return open_extra(order) if may_propose_extra(order.state) else None
