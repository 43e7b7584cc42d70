"""Operators look at card payments that no rule can settle, and answer disputes (R19)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journeys.money.incoming.disputes import accept_dispute, answer_dispute, record_for, take_record
from journeys.order.paying.pay_by_card import look_again_at, return_wrong_payment
from kernel.clock import now
from kernel.errors import DomainError
from kernel.files.pdf import UnableToDraw
from kernel.files.spreadsheets import csv_file
from kernel.web.serving import pdf_response
from operators.access import OperatorRequest, operator_required
from operators.listing import Choices, listed
from operators.payments.forms import DISPUTES, STATES, WAYS, CardForm, PaymentForm
from operators.payments.reasons import reason_in_words
from stripe_gateway.models import CardDispute, CardPayment, CardRefund
from stripe_gateway.selectors import (
    card_payments,
    dispute_by_id,
    disputes,
    failed_refunds,
    open_disputes,
    wrong_payments,
)
from stripe_gateway.services import refund_again, settle_refund
from stripe_gateway.states import UNDECIDED_DISPUTES, DisputeState
from tenants.selectors import partner_names, partners


@operator_required
@require_safe
def overview(request: OperatorRequest) -> HttpResponse:
    """Show what waits for a decision."""
    disputed, wrong, failed = list(open_disputes()), list(wrong_payments()), list(failed_refunds())
    about: list[CardDispute | CardRefund] = [*disputed, *failed]
    names = _partners([*(one.payment for one in about), *wrong])
    context = {
        "section": "payments",
        "part": "desk",
        "disputes": [(one, names[one.payment.tenant_id]) for one in disputed],
        "wrong": [(one, names[one.tenant_id]) for one in wrong],
        "failed": [(one, names[one.payment.tenant_id]) for one in failed],
    }
    return render(request, "operators/payments/payments.html", context)


@operator_required
@require_safe
def payment_list(request: OperatorRequest) -> HttpResponse:
    """List card payments, latest first."""
    form = _form(request, STATES, PaymentForm)
    found = listed(
        request, card_payments(**form.wanted()), form, heading=_("All online payments"), csv="card_payments_csv",
        nothing=_("Nobody has paid online yet."), with_facts=_with_partners,
    )  # fmt: skip
    return render(request, "operators/payments/all.html", {"section": "payments", "part": "payments", **found})


@operator_required
@require_safe
def payments_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    head = (
        "payment", "partner", "order", "title", "way", "state", "currency", "amount_minor", "refunded_minor",
        "created", "paid", "provider", "stripe",
    )  # fmt: skip
    lines = (
        (one.pk, partner, one.order_id, one.title, one.way, one.state, one.currency, one.amount_minor,
         one.refunded_minor, one.created_at, one.paid_at or "", one.provider, one.intent_id or "")
        for one, partner, *_words in _with_partners(list(card_payments(**_form(request, STATES, PaymentForm).wanted())))
    )  # fmt: skip
    return csv_file("card-payments", [head, *lines], on=timezone.localdate(now()))


@operator_required
@require_safe
def dispute_list(request: OperatorRequest) -> HttpResponse:
    """List disputes, those that are not decided first."""
    form = _form(request, DISPUTES)
    found = listed(
        request, disputes(**form.wanted()), form, heading=_("Disputes"), csv="disputes_csv",
        nothing=_("Nobody has disputed a payment yet."), with_facts=_of_disputes,
    )  # fmt: skip
    return render(request, "operators/payments/disputes.html", {"section": "payments", "part": "disputes", **found})


@operator_required
@require_safe
def disputes_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    head = (
        "dispute", "partner", "order", "title", "state", "reason", "currency", "amount_minor", "opened", "due",
        "answered", "answered_by", "accepted_by", "closed",
    )  # fmt: skip
    lines = (
        (one.dispute_id, partner, one.payment.order_id, one.payment.title, one.state, one.reason, one.currency,
         one.amount_minor, one.opened_at, one.due_by or "", one.answered_at or "", one.answered_by, one.accepted_by,
         one.closed_at or "")
        for one, partner in _of_disputes(list(disputes(**_form(request, DISPUTES).wanted())))
    )  # fmt: skip
    return csv_file("disputes", [head, *lines], on=timezone.localdate(now()))


@operator_required
@require_safe
def dispute(request: OperatorRequest, dispute_id: UUID) -> HttpResponse:
    """Show a dispute, and what the job's record holds: how much, not the words, which are the partner's."""
    found = _dispute(dispute_id)
    is_open = found.state == DisputeState.OPEN and found.answered_at is None
    context: dict[str, Any] = {
        "section": "payments",
        "dispute": found,
        "partner": _partners([found.payment])[found.payment.tenant_id],
        "reason": reason_in_words(found.reason),
        "record": record_for(found),
        "can_accept": is_open and not found.is_charge_back and found.moves_money,
        "can_answer": is_open and not found.is_charge_back,
        "can_take": found.is_charge_back and found.state in UNDECIDED_DISPUTES,
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
def record(request: OperatorRequest, dispute_id: UUID) -> HttpResponse:
    """Give the operator the job's record, to hand it in at SumUp."""
    found = _dispute(dispute_id)
    try:
        name, drawn = take_record(found.pk, who=request.operator.email, now=now())
    except (DomainError, UnableToDraw) as error:
        messages.error(request, str(error))
        return redirect("operators:dispute", dispute_id=found.pk)
    return pdf_response(drawn, name=name)


@operator_required
@require_POST
def accept(request: OperatorRequest, dispute_id: UUID) -> HttpResponse:
    """Give a dispute up, where the operator has said twice that it is meant."""
    found = _dispute(dispute_id)
    if request.POST.get("sure") != "on":
        messages.error(request, _("Please tick that you are sure: this cannot be undone."))
        return redirect("operators:dispute", dispute_id=found.pk)
    try:
        accept_dispute(found.pk, who=request.operator.email, now=now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The dispute has been given up. The customer keeps the money."))
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


def _form(request: OperatorRequest, states: Choices, form: type[CardForm] = CardForm) -> CardForm:
    return form(request.GET, states=states, partners=list(partners()))


def _with_partners(found: list[CardPayment]) -> list[tuple[CardPayment, str, Any, Any]]:
    """Return payments with their partner, and what their state and the way they are paid are called."""
    names, states, ways = _partners(found), dict(STATES), dict(WAYS)
    return [(one, names[one.tenant_id], states[one.state], ways.get(one.way, one.way)) for one in found]


def _of_disputes(found: list[CardDispute]) -> list[tuple[CardDispute, str]]:
    """Return disputes with their partner."""
    names = _partners(one.payment for one in found)
    return [(one, names[one.payment.tenant_id]) for one in found]


def _dispute(dispute_id: UUID) -> CardDispute:
    try:
        return dispute_by_id(dispute_id)
    except CardDispute.DoesNotExist as error:
        raise Http404 from error


def _partners(payments: Iterable[CardPayment]) -> dict[int, str]:
    """Return the names of the payments' partners; one that has left is known by its number."""
    wanted = {payment.tenant_id for payment in payments}
    return {one: str(one) for one in wanted} | partner_names(wanted)
