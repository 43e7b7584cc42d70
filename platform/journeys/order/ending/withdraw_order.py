"""A consumer withdraws from the contract, as the law in DE, AT and PL lets them. Run inside the tenant.

Directive 2011/83/EU, art. 11a: a declaration on the site, for guests too, and a receipt at once by mail. A declaration
is never refused for its date. Before the work it ends the order for nothing. Once the work has begun, or where ending
it costs something by now, a manager decides what is owed (art. 14 (3)): they have a proposal by the law and by what is
known, and until then nothing is confirmed, charged or given back. Whoever did the work keeps theirs; what the customer
need not pay of work that is done, the partner does.
"""

from datetime import datetime

from django.db import transaction

from billing.services import reprice_payment
from dispatch.moves import lock_job
from dispatch.selectors import job_by_id
from dispatch.working.closing import cancel_job
from journeys.money.books import book_cancelled, book_confirmed, book_ended, book_spared
from journeys.money.incoming.card import give_back
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.paying.bill_order import bill_fee, bill_order
from journeys.order.working.escalate_to_pro import decline_pro
from journeys.posting import tell_customer, tell_friend, tell_managers
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders import withdrawals
from orders.errors import OwedOutOfRange
from orders.models import Order, OrderEvent
from orders.permits import may_arrange, may_cancel
from orders.selectors import order_by_uuid, was_refunded, withdrawal_of
from orders.services.orders import note_withdrawal
from orders.services.work import confirm_work
from orders.states import OrderState, Side
from orders.withdrawals import DONE, has_begun, proposed_owed
from tenants.context import platform_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id


@transaction.atomic
def withdraw_order(*, order: Order, tenant_id: int, now: datetime) -> OrderEvent:
    """Note the withdrawal, end the order where the work has not begun, and send the receipt; return the log's line.

    Where the order cannot be ended for nothing any more, it waits on the desk for a manager; who is asked about a pro
    says no by it. A second declaration returns the first. Raises IllegalJobMove or IllegalOrderMove where somebody
    moves the order in the same moment.
    """
    noted = withdrawal_of(order)
    if noted is not None:
        return noted
    if order.state == OrderState.ESCALATED:
        decline_pro(order=order, now=now)
        order = order_by_uuid(order.uuid)
    owed_minor, is_over = proposed_owed(order, now=now), order.state == OrderState.CANCELLED or was_refunded(order)
    is_free = not owed_minor and not has_begun(order, now=now) and may_cancel(order.state, Side.CUSTOMER)
    if is_free and not is_over:
        cancel_order(
            order_uuid=order.uuid,
            job_id=order.job_id,
            tenant_id=tenant_id,
            side=Side.CUSTOMER,
            who=order.name,
            why="",
            now=now,
        )
    line = note_withdrawal(order_uuid=order.uuid, now=now)
    tell_customer(ToCustomer.WITHDRAWAL_RECEIVED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")
    if not is_free and not is_over:
        withdrawals.open_withdrawal(order_uuid=order.uuid, proposed_minor=owed_minor, now=now)
        tell_managers(ToManagers.WITHDRAWN, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")
        _stop_friend(order, now)
    return line


@transaction.atomic
def decide_withdrawal(*, order: Order, tenant_id: int, owed_minor: int, words: str, who: str, now: datetime) -> Order:
    """Settle what the customer owes, on a manager's word: paid, given back, billed and booked exactly so.

    Work that is done is confirmed by it; otherwise the order ends, and what is owed is a fee. Raises CaseIsClosed
    without an open case, OwedOutOfRange, IllegalJobMove where somebody ends the job in the same moment.
    """
    with platform_context():
        lock_job(order.placed_job_id)
    tenant, fresh = tenant_by_id(tenant_id), order_by_uuid(order.uuid)
    settle = _settle_work if fresh.state in DONE else _end
    decided = settle(fresh, tenant, owed_minor, words, who, now)
    tell_customer(ToCustomer.WITHDRAWAL_DECIDED, tenant_id=tenant_id, order_uuid=order.uuid, now=now, once="1")
    return decided


def _settle_work(order: Order, tenant: Tenant, owed_minor: int, words: str, who: str, now: datetime) -> Order:
    was_confirmed, borne_minor = order.state == OrderState.CONFIRMED, order.partner_pays_minor
    decided = withdrawals.decide_withdrawal(
        order_uuid=order.uuid, owed_minor=owed_minor, answer=words, who=who, now=now
    )
    if not was_confirmed:
        decided = confirm_work(order_uuid=order.uuid, side=Side.MANAGER, now=now)
    give_back(order=decided, tenant_id=tenant.pk, why="withdrawn", keep_minor=decided.due_minor, now=now)
    reprice_payment(order=decided)
    bill_order(order=decided, tenant=tenant, now=now)
    if was_confirmed:
        spared_minor, job = decided.partner_pays_minor - borne_minor, job_by_id(decided.placed_job_id)
        book_spared(spared_minor=spared_minor, job=job, tenant=tenant, now=now)
    else:
        book_confirmed(order=decided, tenant=tenant, now=now)
    return decided


def _end(order: Order, tenant: Tenant, owed_minor: int, words: str, who: str, now: datetime) -> Order:
    with platform_context():
        job = cancel_job(job_id=order.placed_job_id, now=now, why=words)
    if owed_minor and job.friend_id is None:
        raise OwedOutOfRange
    ended = withdrawals.decide_withdrawal(order_uuid=order.uuid, owed_minor=owed_minor, answer=words, who=who, now=now)
    give_back(order=ended, tenant_id=tenant.pk, why="withdrawn", keep_minor=owed_minor, now=now)
    if owed_minor:
        bill_fee(order=ended, tenant=tenant, now=now)
    if job.friend_id:
        tell_friend(ToFriend.JOB_CANCELLED, job=job, friend_id=job.friend_id, now=now, once="1")
    book_ended(job=job, tenant=tenant, now=now)
    if ended.cancellation_fee_minor:
        book_cancelled(order=ended, job=job, tenant=tenant, now=now)
    return ended


def _stop_friend(order: Order, now: datetime) -> None:
    """Ask the friend who is at work not to go on."""
    if not may_arrange(order.state):
        return
    job = job_by_id(order.placed_job_id)
    if job.friend_id is not None:
        tell_friend(ToFriend.CUSTOMER_WITHDREW, job=job, friend_id=job.friend_id, now=now, once="1")
