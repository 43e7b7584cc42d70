"""What an order's way books: one function for each thing that happens, in the transaction in which it happens, last.

Work is booked when it is confirmed, so that a worker's account holds what may be paid out. Whatever comes twice is
booked once. docs/money/books.md says when each is called.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from dispatch.models import Job, Owed
from dispatch.selectors import crossing_taken
from dispatch.working.escalations import diagnosis_found
from journeys.money.payouts.cash_limits import keep_cash_limits
from kernel.money import Split, to_step
from ledger import chart, events
from ledger.events import Occasion
from ledger.kinds import Event
from ledger.selectors import is_reversed, transaction_by_key
from ledger.services import About, Posting, post, reverse
from orders.cancelling import Fee, split_of_fee
from orders.models import Order
from orders.selectors import was_refunded
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardDispute, CardPayment, CardRefund
from stripe_gateway.states import DisputeState, RefundState
from tenants.context import platform_context
from tenants.models import Tenant

AT_PROVIDER = {Provider.STRIPE: chart.STRIPE, Provider.SUMUP: chart.SUMUP}
# Who else has borne what went back: where the customer had it from their bank by a dispute, the guarantee has.
REFUNDED_BY = {RefundState.BY_HAND: chart.BANK, RefundState.BY_BANK: chart.GUARANTEE}


P = ParamSpec("P")


def _of_partners(book: Callable[P, None]) -> Callable[P, None]:
    """Let nothing of a sandbox be booked; the database would refuse it an account."""

    @wraps(book)
    def book_unless_sandbox(*args: P.args, **kwargs: P.kwargs) -> None:
        tenant = kwargs["tenant"]
        assert isinstance(tenant, Tenant)
        if not tenant.is_sandbox:
            book(*args, **kwargs)

    return book_unless_sandbox


@_of_partners
def book_card_paid(*, payment: CardPayment, tenant: Tenant, now: datetime) -> None:
    """Book that the provider has a payment by card, whatever becomes of its order."""
    occasion = _of_payment(payment, tenant, now, act=payment.pk)
    with platform_context():
        post(events.card_paid(occasion, provider=_held_at(payment), tenant_id=tenant.pk, amount=payment.came_minor))


@_of_partners
def book_tip(*, payment: CardPayment, job: Job, tenant: Tenant, now: datetime) -> None:
    """Book a tip that was paid by card: all of it is owed to whoever did the work."""
    about = About(tenant_id=tenant.pk, order_id=job.order_id, job_id=job.pk, payment_id=payment.pk)
    day = _day(tenant, now)
    occasion = Occasion(act=payment.pk, currency=payment.currency, on=day, at=now, about=about)
    with platform_context():
        post(events.tip_paid(occasion, provider=chart.STRIPE, worker=_worker(job), amount=payment.amount_minor))


@_of_partners
def book_refunds(*, payment: CardPayment, refunds: Iterable[CardRefund], tenant: Tenant, now: datetime) -> None:
    """Book what of a payment by card has gone back. All that ever has may be given: each is booked once."""
    with platform_context():
        post(
            *(
                events.refund_paid(
                    _of_payment(payment, tenant, now, act=refund.pk, refund_id=refund.pk),
                    provider=REFUNDED_BY.get(RefundState(refund.state), _held_at(payment)),
                    tenant_id=tenant.pk,
                    amount=refund.amount_minor,
                )
                for refund in refunds
            )
        )


@_of_partners
def book_refund_failed(*, refund: CardRefund, tenant: Tenant, now: datetime) -> None:
    """Take back that a refund was paid, where the books say so: no bank has taken it."""
    with platform_context():
        _take_back(f"{Event.REFUND_PAID}:{refund.pk}", tenant, now)


@_of_partners
def book_dispute(*, dispute: CardDispute, tenant: Tenant, now: datetime) -> None:
    """Book where disputed money is: with nobody until it is decided, back where we have won, else lost.

    What was decided otherwise before is taken back, as often as the bank changes its mind.
    """
    if not dispute.moves_money:
        return
    occasion, provider = _of_payment(dispute.payment, tenant, now, act=dispute.pk), _held_at(dispute.payment)
    with platform_context():
        post(events.dispute_opened(occasion, provider=provider, amount=dispute.amount_minor))
        if dispute.state == DisputeState.WON:
            _take_back(f"{Event.DISPUTE_LOST}:{_turn(Event.DISPUTE_LOST, dispute.pk)}", tenant, now)
            won = replace(occasion, act=_turn(Event.DISPUTE_WON, dispute.pk))
            post(events.dispute_won(won, provider=provider, amount=dispute.amount_minor))
        if dispute.state == DisputeState.LOST:
            _take_back(f"{Event.DISPUTE_WON}:{_turn(Event.DISPUTE_WON, dispute.pk)}", tenant, now)
            lost = replace(occasion, act=_turn(Event.DISPUTE_LOST, dispute.pk))
            post(events.dispute_lost(lost, amount=dispute.amount_minor))


@_of_partners
def book_cash(*, order: Order, job: Job, tenant: Tenant, now: datetime) -> None:
    """Book that whoever did the work has got what is due in cash, and what was rounded for want of smaller coins."""
    paid, price = to_step(order.due_minor, order.currency), order.due_minor
    occasion, of = _occasion(job, tenant, now), tenant.pk
    with platform_context():
        post(
            events.cash_paid(occasion, tenant_id=of, friend_id=job.assigned_friend_id, amount=paid),
            events.cash_rounded_down(occasion, tenant_id=of, amount=max(price - paid, 0)),
            events.cash_rounded_up(occasion, tenant_id=of, amount=max(paid - price, 0)),
        )
        keep_cash_limits([job.assigned_friend_id], now=now)


@_of_partners
def book_confirmed(*, order: Order, tenant: Tenant, now: datetime) -> None:
    """Book what confirmed work has brought everybody. Run inside the tenant.

    Where a manager has closed it with a refund, the work is booked and taken back: nobody has earned anything with it,
    and a diagnosis before it is the partner's expense.
    """
    is_refunded = was_refunded(order)
    with platform_context():
        job = Job.objects.get(pk=order.placed_job_id)
        split, diagnosis = replace(job.split, vat_bp=order.vat_bp), diagnosis_found(job)
        postings = _work(job, split, tenant, now)
        if is_refunded:
            postings += _taken_back(job, split, tenant, now) + _diagnosis_by_partner(diagnosis, job, tenant, now)
        else:
            postings += _overflow(job, tenant, now) + _diagnosis(diagnosis, job, tenant, now)
            postings += _partner_pays(order, job, tenant, now)
        post(*postings)
        keep_cash_limits([job.assigned_friend_id], now=now)


@_of_partners
def book_spared(*, spared_minor: int, job: Job, tenant: Tenant, now: datetime) -> None:
    """Book what of the price of confirmed work the partner pays beyond what it bore, as was decided later."""
    occasion = replace(_occasion(job, tenant, now), act=uuid5(job.pk, "spared"))
    with platform_context():
        post(events.paid_by_partner(occasion, tenant_id=tenant.pk, amount=spared_minor))


@_of_partners
def book_ended(*, job: Job, tenant: Tenant, owed_minor: int = 0, fee: Fee | None = None, now: datetime) -> None:
    """Book what friends are owed for an order that has ended without work: the partner bears what no fee covers.

    ``owed_minor`` is for the way to a customer who was absent or could not be reached; a diagnosis before comes on top.
    ``fee`` is what it costs the customer, or the partner for them; at most ``owed_minor`` of it is the friend's.
    """
    with platform_context():
        postings = _diagnosis_by_partner(diagnosis_found(job), job, tenant, now)
        if owed_minor:
            occasion, of = _occasion(job, tenant, now), tenant.pk
            missing = owed_minor - (fee.split.friend_minor if fee else 0)
            borne = fee.partner_minor if fee else 0
            postings += [
                events.no_show_fee(
                    occasion,
                    tenant_id=of,
                    worker=_worker(job),
                    share=owed_minor,
                    commission=fee.split.commission_net_minor if fee else 0,
                    vat=fee.split.commission_vat_minor if fee else 0,
                ),
                events.paid_by_partner(occasion, tenant_id=of, amount=missing + borne),
            ]
        post(*postings)


@_of_partners
def book_cancelled(*, order: Order, job: Job, tenant: Tenant, now: datetime) -> None:
    """Book the fee of a customer who has cancelled late: whoever had the job gets it, but for the commission.

    Where the partner bears a part of the price, it bears the same part of the fee.
    """
    fee, occasion = split_of_fee(order), _occasion(job, tenant, now)
    with platform_context():
        post(
            events.cancellation_fee(
                occasion,
                tenant_id=tenant.pk,
                worker=_worker(job),
                share=fee.friend_minor,
                commission=fee.commission_net_minor,
                vat=fee.commission_vat_minor,
            ),
            *_partner_pays(order, job, tenant, now),
        )


@_of_partners
def book_fee_waived(*, order: Order, waived_minor: int, tenant: Tenant, now: datetime) -> None:
    """Book that the partner pays the fee of a customer who was not there; whoever came keeps theirs."""
    with platform_context():
        job = Job.objects.get(pk=order.placed_job_id)
        occasion = replace(_occasion(job, tenant, now), act=uuid5(job.pk, "waived"))
        post(events.paid_by_partner(occasion, tenant_id=tenant.pk, amount=waived_minor))


@_of_partners
def book_reopened(*, ended_job_id: UUID, tenant: Tenant, now: datetime) -> None:
    """Take back that the partner pays for a diagnosis, since the order goes on: its next end says who does."""
    with platform_context():
        paid = transaction_by_key(f"{Event.DIAGNOSIS_BY_PARTNER}:{ended_job_id}")
        if paid is not None:
            reverse(transaction_id=paid.pk, on=_day(tenant, now), now=now)


def _work(job: Job, split: Split, tenant: Tenant, now: datetime) -> list[Posting]:
    occasion, worker = _occasion(job, tenant, now), _worker(job)
    return [
        events.job_done(occasion, tenant_id=tenant.pk, worker=worker, price=split.price_minor),
        events.commission_taken(
            occasion, worker=worker, commission=split.commission_net_minor, vat=split.commission_vat_minor
        ),
    ]


def _partner_pays(order: Order, job: Job, tenant: Tenant, now: datetime) -> list[Posting]:
    occasion = _occasion(job, tenant, now)
    return [events.paid_by_partner(occasion, tenant_id=tenant.pk, amount=order.partner_pays_minor)]


def _taken_back(job: Job, split: Split, tenant: Tenant, now: datetime) -> list[Posting]:
    return [
        events.work_taken_back(
            _occasion(job, tenant, now),
            tenant_id=tenant.pk,
            worker=_worker(job),
            earned=split.friend_minor,
            commission=split.commission_net_minor,
            vat=split.commission_vat_minor,
        )
    ]


def _overflow(job: Job, tenant: Tenant, now: datetime) -> list[Posting]:
    """Return what the partner gets whose job was done by a friend of others."""
    crossing = crossing_taken(job)
    if crossing is None:
        return []
    occasion = _occasion(job, tenant, now)
    return [events.overflow_shared(occasion, tenant_id=tenant.pk, share=crossing.partner_share_minor)]


def _diagnosis(found: Owed | None, job: Job, tenant: Tenant, now: datetime) -> list[Posting]:
    if found is None:
        return []
    occasion = _occasion(job, tenant, now, about=found.job_id)
    return [
        events.diagnosis_earned(occasion, tenant_id=tenant.pk, friend_id=found.friend_id, amount=found.amount_minor)
    ]


def _diagnosis_by_partner(found: Owed | None, job: Job, tenant: Tenant, now: datetime) -> list[Posting]:
    if found is None:
        return []
    occasion = _occasion(job, tenant, now, about=found.job_id)
    return [
        events.diagnosis_by_partner(occasion, tenant_id=tenant.pk, friend_id=found.friend_id, amount=found.amount_minor)
    ]


def _take_back(key: str, tenant: Tenant, now: datetime) -> None:
    """Reverse what was booked under a key, if anything was and still counts."""
    booked = transaction_by_key(key)
    if booked is not None and not is_reversed(booked):
        reverse(transaction_id=booked.pk, on=_day(tenant, now), now=now)


def _turn(event: Event, act: UUID) -> UUID:
    """Return the act under which an event of a dispute counts, or is to be booked: one more for each taken back."""
    booked = transaction_by_key(f"{event}:{act}")
    return _turn(event, uuid5(act, "again")) if booked is not None and is_reversed(booked) else act


def _held_at(payment: CardPayment) -> chart.AccountName:
    return AT_PROVIDER[Provider(payment.provider)]


def _of_payment(
    payment: CardPayment, tenant: Tenant, now: datetime, *, act: UUID, refund_id: UUID | None = None
) -> Occasion:
    about = About(tenant_id=tenant.pk, order_id=payment.order_id, payment_id=payment.pk, refund_id=refund_id)
    return Occasion(act=act, currency=payment.currency, on=_day(tenant, now), at=now, about=about)


def _worker(job: Job) -> chart.AccountName:
    return (chart.pro if job.needs_pro else chart.friend)(job.assigned_friend_id)


def _occasion(job: Job, tenant: Tenant, now: datetime, *, about: UUID | None = None) -> Occasion:
    """Return what happens to a job, which is the act; ``about`` names another job that it is about."""
    return Occasion(
        act=job.pk,
        currency=job.currency,
        on=_day(tenant, now),
        at=now,
        about=About(tenant_id=tenant.pk, order_id=job.order_id, job_id=about or job.pk),
    )


def _day(tenant: Tenant, now: datetime) -> date:
    return now.astimezone(ZoneInfo(tenant.time_zone)).date()
