"""How those answer who are nobody: a step of an order, on a developer's word. Run inside the sandbox."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.methods import CASH
from dispatch.models import Offer
from dispatch.selectors import job_by_id
from dispatch.states import DeclineReason, OfferState
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.working.agree_date import (
    accept_date_as_customer,
    accept_date_as_friend,
    contact_customer,
    propose_date_as_friend,
)
from journeys.order.working.complete_job import complete_job, confirm_completion
from journeys.order.working.no_show import end_for_absent_customer, report_no_show_as_friend
from journeys.order.working.not_done import say_not_done, settle_objection
from journeys.sandbox.till import dispute_payment, look_after_payments_of, pay_by_test_card
from kernel.errors import DomainError
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import AppointmentState, ObjectionOutcome, OrderState, Side
from stripe_gateway import till
from tenants.context import current_tenant, platform_context
from tenants.models import Tenant

# What a simulated friend writes.
WORDS = "Sandbox"
PAY = "pay"


class OnlyInSandbox(DomainError):
    """What is asked for exists in a sandbox alone; a test key leads there."""

    message = _("This works with a test key only.")
    code, status = "only_in_sandbox", 403


class StepNotPossible(DomainError):
    """The state of the order does not allow the step that a simulated friend or customer should take."""

    message = _("This step is not possible in the current state of the order.")
    code = "step_not_possible"


def sandbox_here() -> Tenant:
    """Return the sandbox whose schema is in use.

    Raises OnlyInSandbox.
    """
    tenant = current_tenant()
    if tenant is None or not tenant.is_sandbox:
        raise OnlyInSandbox
    return tenant


@transaction.atomic
def take_step(*, step: str, order: Order, card: str = till.GOOD, now: datetime) -> None:
    """Let a simulated friend or customer take one of ``STEPS``; ``card`` is the number of a test card to pay with.

    Raises OnlyInSandbox, StepNotPossible, or what the step's own journey raises.
    """
    sandbox = sandbox_here()
    if step == PAY:
        pay_by_test_card(order=order, sandbox=sandbox, number=card, now=now)
    else:
        _ACTS[step](order, now)
    look_after_payments_of(sandbox, now=now)


def _accept(order: Order, now: datetime) -> None:
    offer = _open_offer(order)
    if offer is None:
        raise StepNotPossible
    with platform_context():
        accept_offer(job_id=offer.job_id, friend_id=offer.friend_id, now=now)


def _nobody_found(order: Order, now: datetime) -> None:
    """Let everybody say no, and everybody who is asked then."""
    offer = _open_offer(order)
    if offer is None:
        raise StepNotPossible
    while offer is not None:
        with platform_context():
            decline_offer(job_id=offer.job_id, friend_id=offer.friend_id, reason=DeclineReason.NO_TIME, now=now)
        offer = _open_offer(order)


def _contact(order: Order, now: datetime) -> None:
    friend_id = _friend_of(order)
    with platform_context():
        contact_customer(job_id=order.placed_job_id, friend_id=friend_id, now=now)


def _counter_date(order: Order, now: datetime) -> None:
    """Let the friend propose a date: a day later than the one before it, or tomorrow."""
    friend_id, tenant = _friend_of(order), sandbox_here()
    last = order.appointments.order_by("-pk").first()
    day = last.starts_at if last and last.starts_at > now else now
    hour = time(tenant.visits_from, tzinfo=ZoneInfo(tenant.time_zone))
    starts_at = datetime.combine(timezone.localdate(day) + timedelta(days=1), hour)
    with platform_context():
        propose_date_as_friend(
            job_id=order.placed_job_id, friend_id=friend_id, starts_at=starts_at, note=WORDS, is_meant=True, now=now
        )


def _agree_date(order: Order, now: datetime) -> None:
    """Let the side that is asked agree to the date that the other one has proposed."""
    proposed = order.appointments.filter(state=AppointmentState.PROPOSED).first()
    if proposed is None:
        raise StepNotPossible
    if proposed.proposed_by == Side.FRIEND:
        accept_date_as_customer(order=order, appointment_id=proposed.pk, now=now)
        return
    friend_id = _friend_of(order)
    with platform_context():
        accept_date_as_friend(job_id=order.placed_job_id, friend_id=friend_id, appointment_id=proposed.pk, now=now)


def _no_show(order: Order, now: datetime) -> None:
    """Let the friend report that the customer was not there, and a manager end the order."""
    friend_id = _friend_of(order)
    with platform_context():
        report_no_show_as_friend(job_id=order.placed_job_id, friend_id=friend_id, words=WORDS, now=now)
        search = job_by_id(order.placed_job_id).search
    end_for_absent_customer(order=order, tenant_id=sandbox_here().pk, search=search, who=WORDS, now=now)


def _refund(order: Order, now: datetime) -> None:
    """Let the customer say that the work is not done, and a manager give the money back."""
    tenant_id = sandbox_here().pk
    say_not_done(order=order, tenant_id=tenant_id, words=WORDS, now=now)
    settle_objection(
        order=order_by_uuid(order.uuid),
        tenant_id=tenant_id,
        outcome=ObjectionOutcome.REFUND,
        words=WORDS,
        who=WORDS,
        now=now,
    )


def _complete(order: Order, now: datetime) -> None:
    friend_id = _friend_of(order)
    if order.state == OrderState.ACCEPTED:
        _contact(order, now)
    with platform_context():
        complete_job(
            job_id=order.placed_job_id,
            friend_id=friend_id,
            summary=WORDS,
            material="",
            minutes=order.minutes,
            is_paid=order.payment_method == CASH.code,
            why_now=WORDS,
            now=now,
        )


def _confirm(order: Order, now: datetime) -> None:
    confirm_completion(order_uuid=order.uuid, tenant_id=sandbox_here().pk, side=Side.CUSTOMER, now=now)


def _dispute(order: Order, now: datetime) -> None:
    dispute_payment(order=order, sandbox=sandbox_here(), now=now)


_ACTS: Mapping[str, Callable[[Order, datetime], None]] = {
    "accept": _accept,
    "nobody_found": _nobody_found,
    "contact": _contact,
    "counter_date": _counter_date,
    "agree_date": _agree_date,
    "no_show": _no_show,
    "complete": _complete,
    "confirm": _confirm,
    "refund": _refund,
    "dispute": _dispute,
}
STEPS = (PAY, *_ACTS)


def _open_offer(order: Order) -> Offer | None:
    """Return the offer of the nearest friend who is being asked, or None."""
    with platform_context():
        asked = Offer.objects.filter(job_id=order.placed_job_id, state=OfferState.OPEN)
        return asked.order_by("distance_m", "id").first()


def _friend_of(order: Order) -> UUID:
    if order.friend_id is None:
        raise StepNotPossible
    return order.friend_id
