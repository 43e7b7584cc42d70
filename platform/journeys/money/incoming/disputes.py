"""A customer disputes a card payment at their bank: noted, booked, told to the operators, and answered by one of them.

Run on the platform. What is true is read from Stripe or SumUp, so that webhooks may be late, doubled or out of order.
Whoever did the work keeps what they have earned: where a dispute is lost, the guarantee bears it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journeys.money.books import book_dispute
from journeys.money.incoming.record import Record, record_of
from journeys.money.incoming.record_paper import draw_record
from journeys.posting import tell
from journeys.topics import ToOperators
from kernel.errors import DomainError
from kernel.files.pdf import can_draw
from stripe_gateway import at_sumup
from stripe_gateway import services as gateway
from stripe_gateway.client import SeenDispute
from stripe_gateway.models import CardDispute, CardPayment
from stripe_gateway.selectors import dispute_by_id
from stripe_gateway.states import UNDECIDED_DISPUTES, DisputeState
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id


class DisputeAnswered(DomainError):
    """The bank has an answer, has decided, or takes none any more."""

    message = _("This dispute has been answered or decided already.")
    code = "dispute_answered"


class AnsweredAtSumUp(DomainError):
    """SumUp takes an answer to a charge-back on its own pages."""

    message = _("SumUp accepts answers only on its own pages. Please submit the job's record there.")
    code = "answered_at_sumup"


def follow_disputes(payment_id: UUID, *, now: datetime) -> None:
    """Read from Stripe how the disputes of a payment stand, and act on what is news.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    for seen in gateway.read_disputes(payment_id):
        note_seen(payment_id, seen, now=now)


def follow_dispute(payment_id: UUID, dispute_id: str, *, now: datetime) -> None:
    """Do the same for one dispute, by its name at Stripe: also where its webhook was lost.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    note_seen(payment_id, gateway.read_dispute(dispute_id), now=now)


def follow_charge_backs(payment: CardPayment, *, now: datetime) -> None:
    """Read from SumUp how the charge-backs of a payment stand, and act on what is news.

    Raises UnableToReachSumUp or RefusedBySumUp.
    """
    for seen in at_sumup.read_charge_backs(payment):
        note_seen(payment.pk, seen, now=now)


def record_for(dispute: CardDispute) -> Record:
    """Return what the job's record says for the payment."""
    with tenant_context(_tenant(dispute)):
        return record_of(dispute.payment.order_id)


def answer_dispute(dispute_id: UUID, *, who: str, now: datetime) -> None:
    """Send the bank the job's record, as text and with its photos as PDF; it takes one answer, and decides.

    Raises DisputeAnswered, AnsweredAtSumUp, UnableToReachStripe or RefusedByStripe.
    """
    dispute = _answerable(dispute_id)
    record = record_for(dispute)
    gateway.answer_dispute(dispute, record.as_evidence(), _files(dispute, record), who=who, now=now)


def take_record(dispute_id: UUID, *, who: str, now: datetime) -> tuple[str, bytes]:
    """Return the order's number and its record as PDF, for SumUp; who has taken it is written down.

    As long as the bank has not decided it can be taken again. Raises DisputeAnswered, or UnableToDraw.
    """
    dispute = dispute_by_id(dispute_id)
    if not dispute.is_charge_back or dispute.state not in UNDECIDED_DISPUTES:
        raise DisputeAnswered
    record = record_for(dispute)
    with tenant_context(_tenant(dispute)):
        drawn = draw_record(record, identifier=dispute.pk.bytes)
    at_sumup.note_answered(dispute, who=who, now=now)
    return record.number, drawn


def accept_dispute(dispute_id: UUID, *, who: str, now: datetime) -> None:
    """Give a dispute up: the customer keeps the money, and the guarantee bears it.

    Raises DisputeAnswered, also for an inquiry, which takes no money; AnsweredAtSumUp, UnableToReachStripe or
    RefusedByStripe.
    """
    dispute = _answerable(dispute_id)
    if not dispute.moves_money:
        raise DisputeAnswered
    gateway.accept_dispute(dispute, who=who)
    follow_dispute(dispute.payment_id, dispute.dispute_id, now=now)


def _answerable(dispute_id: UUID) -> CardDispute:
    dispute = dispute_by_id(dispute_id)
    if dispute.is_charge_back:
        raise AnsweredAtSumUp
    if dispute.state != DisputeState.OPEN or dispute.answered_at is not None:
        raise DisputeAnswered
    return dispute


def _files(dispute: CardDispute, record: Record) -> dict[str, tuple[str, bytes]]:
    """Return the record as a file, by Stripe's field; none where this machine cannot draw."""
    if not can_draw():
        return {}
    with tenant_context(_tenant(dispute)):
        return {"service_documentation": (f"{record.number}.pdf", draw_record(record, identifier=dispute.pk.bytes))}


@transaction.atomic
def note_seen(payment_id: UUID, seen: SeenDispute, *, now: datetime) -> None:
    """Note how a dispute stands, tell operators what is news, and book it."""
    dispute, is_news = gateway.note_dispute(payment_id, seen, now=now)
    if is_news:
        _tell(dispute, now)
        book_dispute(dispute=dispute, tenant=_tenant(dispute), now=now)


def _tell(dispute: CardDispute, now: datetime) -> None:
    of = dispute.payment.tenant_id
    if dispute.state == DisputeState.OPEN:
        tell(ToOperators.DISPUTE_OPENED, dispute.pk, now=now, tenant_id=of, dispute=str(dispute.pk))
    if dispute.closed_at is not None:
        tell(ToOperators.DISPUTE_CLOSED, dispute.pk, dispute.state, now=now, tenant_id=of, dispute=str(dispute.pk))


def _tenant(dispute: CardDispute) -> Tenant:
    return tenant_by_id(dispute.payment.tenant_id)
