"""Operators look at card payments that no rule can settle, and answer disputes (R19)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journeys.money.disputes import answer_dispute, record_for
from journeys.order.pay_by_card import look_again_at, return_wrong_payment
from kernel.clock import now
from kernel.errors import DomainError
from operators.access import OperatorRequest, operator_required
from stripe_gateway.models import CardDispute, CardPayment, CardRefund
from stripe_gateway.selectors import closed_disputes, dispute_by_id, failed_refunds, open_disputes, wrong_payments
from stripe_gateway.services import refund_again, settle_refund
from stripe_gateway.states import DisputeState
from tenants.selectors import partner_names

PAGE_SIZE = 20


@operator_required
@require_safe
def overview(request: OperatorRequest) -> HttpResponse:
    """Show what waits for a decision, and the disputes that are decided."""
    disputes, wrong, failed = list(open_disputes()), list(wrong_payments()), list(failed_refunds())
    page = Paginator(closed_disputes(), PAGE_SIZE).get_page(request.GET.get("page"))
    about: list[CardDispute | CardRefund] = [*disputes, *failed, *page]
    names = _partners([*(one.payment for one in about), *wrong])
    context = {
        "section": "payments",
        "disputes": [(one, names[one.payment.tenant_id]) for one in disputes],
        "wrong": [(one, names[one.tenant_id]) for one in wrong],
        "failed": [(one, names[one.payment.tenant_id]) for one in failed],
        "closed": [(one, names[one.payment.tenant_id]) for one in page],
        "page": page,
    }
    return render(request, "operators/payments/payments.html", context)


@operator_required
@require_safe
def dispute(request: OperatorRequest, dispute_id: UUID) -> HttpResponse:
    """Show a dispute, and what the job's record holds: how much, not the words, which are the partner's."""
    found = _dispute(dispute_id)
    context: dict[str, Any] = {
        "section": "payments",
        "dispute": found,
        "partner": _partners([found.payment])[found.payment.tenant_id],
        "record": record_for(found),
        "can_answer": found.state == DisputeState.OPEN and found.answered_at is None,
    }
    return render(request, "operators/payments/dispute.html", context)


@operator_required
@require_POST
def answer(request: OperatorRequest, dispute_id: UUID) -> HttpResponse:
    """Send the bank the job's record."""
    found = _dispute(dispute_id)
    try:
        answer_dispute(found.pk, who=request.operator.email, now=now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The job's record has been sent to the bank."))
    return redirect("operators:dispute", dispute_id=found.pk)


@operator_required
@require_POST
def look_again(request: OperatorRequest, payment_id: UUID) -> HttpResponse:
    """Ask Stripe once more about a wrong payment."""
    try:
        is_right = look_again_at(payment_id, now=now())
    except CardPayment.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = _("The payment is right now.") if is_right else _("Nothing has changed.")
        messages.info(request, said)
    return redirect("operators:payments")


@operator_required
@require_POST
def return_wrong(request: OperatorRequest, payment_id: UUID) -> HttpResponse:
    """Send a wrong payment back."""
    try:
        is_going = return_wrong_payment(payment_id, who=request.operator.email, now=now())
    except CardPayment.DoesNotExist as error:
        raise Http404 from error
    said = (
        _("The payment is being sent back; the customer has been notified.") if is_going else _("Nothing has changed.")
    )
    messages.success(request, said)
    return redirect("operators:payments")


@operator_required
@require_POST
def again(request: OperatorRequest, refund_id: UUID) -> HttpResponse:
    """Try a refund once more."""
    is_asked = refund_again(refund_id, who=request.operator.email, now=now())
    messages.success(request, _("The refund will be tried again.") if is_asked else _("Nothing has changed."))
    return redirect("operators:payments")


@operator_required
@require_POST
def settle(request: OperatorRequest, refund_id: UUID) -> HttpResponse:
    """Say that the money of a refund was sent another way."""
    is_settled = settle_refund(refund_id, who=request.operator.email, now=now())
    said = _("The refund is noted as sent another way.") if is_settled else _("Nothing has changed.")
    messages.success(request, said)
    return redirect("operators:payments")


def _dispute(dispute_id: UUID) -> CardDispute:
    try:
        return dispute_by_id(dispute_id)
    except CardDispute.DoesNotExist as error:
        raise Http404 from error


def _partners(payments: Iterable[CardPayment]) -> dict[int, str]:
    """Return the names of the payments' partners; one that has left is known by its number."""
    wanted = {payment.tenant_id for payment in payments}
    return {one: str(one) for one in wanted} | partner_names(wanted)
