"""Operators bring in the banks' files and decide about the payments that find no invoice or do not fit it (R19)."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bank.models import BankPayment, Claim
from bank.selectors import claims, on_desk, payments, statements
from dues.models import PartnerInvoice
from dues.selectors import invoice_by_id, partner_invoices
from dues.services import keep_drawing
from journeys.money.incoming.bank_files import assign_payment, refund_overpaid, set_aside, take_bank_file
from journeys.money.incoming.claims import write_off_claim
from kernel.clock import now
from kernel.errors import DomainError
from kernel.files.pdf import UnableToDraw
from kernel.files.spreadsheets import csv_file
from kernel.web.serving import pdf_response
from operators.access import OperatorRequest, operator_required
from operators.bank.forms import (
    AssignForm,
    ClaimsForm,
    FileForm,
    PartnerInvoicesForm,
    PaymentsForm,
    SetAsideForm,
    StatementsForm,
    WriteOffForm,
)
from operators.listing import listed

DESK_A_PAGE = 20


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: OperatorRequest) -> HttpResponse:
    """Show what waits for a decision, and read a file."""
    if request.method != "POST":
        return _desk(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form)
    file = form.cleaned_data["file"]
    try:
        taken = take_bank_file(file.read(), file_name=file.name or "", who=request.operator.email, now=now())
    except DomainError as error:
        form.add_error("file", str(error))
        return _desk(request, form)
    said = {"new": taken.new, "known": taken.known, "waiting": taken.waiting}
    words = _("Payments in this file: %(new)d new, %(known)d already known. %(waiting)d of the new ones wait below.")
    messages.success(request, words % said)
    return redirect("operators:bank")


@operator_required
@require_POST
def assign(request: OperatorRequest, payment_id: UUID) -> HttpResponse:
    """Count a payment for an invoice."""
    form = AssignForm(request.POST)
    return _act(
        request,
        form,
        lambda: assign_payment(
            payment_id=payment_id, number=form.cleaned_data["number"], who=request.operator.email, now=now()
        ),
        _("The payment is booked."),
    )


@operator_required
@require_POST
def refund(request: OperatorRequest, payment_id: UUID) -> HttpResponse:
    """Book that what was too much has gone back."""
    return _act(
        request,
        forms.Form(request.POST),
        lambda: refund_overpaid(payment_id=payment_id, who=request.operator.email, now=now()),
        _("The refund is booked."),
    )


@operator_required
@require_POST
def aside(request: OperatorRequest, payment_id: UUID) -> HttpResponse:
    """Take a payment off the desk."""
    form = SetAsideForm(request.POST)
    return _act(
        request,
        form,
        lambda: set_aside(payment_id=payment_id, why=form.cleaned_data["why"], who=request.operator.email, now=now()),
        _("The payment has been set aside."),
    )


@operator_required
@require_safe
def payment_list(request: OperatorRequest) -> HttpResponse:
    """List payments, newest first."""
    form = PaymentsForm(request.GET)
    found = listed(
        request, payments(**form.wanted()), form, heading=_("All payments"), csv="bank_payments_csv",
        nothing=_("No bank file has been read yet."),
    )  # fmt: skip
    return render(request, "operators/bank/payments.html", {"section": "bank", "part": "payments", **found})


@operator_required
@require_safe
def payments_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    head = (
        "booked_on", "iban", "currency", "amount_minor", "payer", "payer_iban", "reference", "words", "state", "number",
        "over_minor", "settled_at", "settled_by", "note", "file",
    )  # fmt: skip
    lines = (
        (one.booked_on, one.iban, one.currency, one.amount_minor, one.payer, one.payer_iban, one.reference, one.words,
         one.state, one.number, one.over_minor, one.settled_at or "", one.settled_by, one.note, one.file_name)
        for one in payments(**PaymentsForm(request.GET).wanted())
    )  # fmt: skip
    return csv_file("bank-payments", [head, *lines], on=timezone.localdate(now()))


@operator_required
@require_safe
def statement_list(request: OperatorRequest) -> HttpResponse:
    """List the statements that were read, latest first."""
    form = StatementsForm(request.GET)
    found = listed(
        request, statements(**form.wanted()), form, heading=_("Bank statements"), csv="bank_statements_csv",
        nothing=_("No bank file has been read yet."),
    )  # fmt: skip
    return render(request, "operators/bank/statements.html", {"section": "bank", "part": "statements", **found})


@operator_required
@require_safe
def statements_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    head = (
        "iban", "currency", "opened_on", "opening_minor", "closed_on", "closing_minor", "file", "read_at", "read_by",
    )  # fmt: skip
    lines = (
        (one.iban, one.currency, one.opened_on, one.opening_minor, one.closed_on, one.closing_minor, one.file_name,
         one.read_at, one.read_by)
        for one in statements(**StatementsForm(request.GET).wanted())
    )  # fmt: skip
    return csv_file("bank-statements", [head, *lines], on=timezone.localdate(now()))


@operator_required
@require_safe
def claim_list(request: OperatorRequest) -> HttpResponse:
    """List invoices, first those that wait for a decision."""
    form, today = ClaimsForm(request.GET), timezone.localdate(now())
    found = listed(
        request, claims(**form.wanted(), today=today), form, heading=_("Open invoices"), csv="claims_csv",
        nothing=_("No invoice has been issued yet."),
        with_facts=lambda page: [
            (one, form.names.get(one.tenant_id, ""), WriteOffForm(auto_id=f"{one.pk}-%s")) for one in page
        ],
    )  # fmt: skip
    return render(request, "operators/bank/claims.html", {"section": "bank", "part": "claims", "today": today, **found})


@operator_required
@require_safe
def claims_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    form, today = ClaimsForm(request.GET), timezone.localdate(now())
    head = (
        "number", "partner", "debtor", "country", "currency", "amount_minor", "fees_minor", "received_minor",
        "left_minor", "issued_on", "due_on", "reminders_sent", "decide_on", "state", "written_off_minor",
        "written_off_at", "written_off_by", "why", "recovered_minor",
    )  # fmt: skip
    lines = (
        (one.number, form.names.get(one.tenant_id, ""), one.debtor, one.country, one.currency, one.amount_minor,
         one.fees_minor, one.received_minor, one.left_minor, one.issued_on, one.due_on, one.reminders_sent,
         one.decide_on or "", one.state, one.written_off_minor, one.written_off_at or "", one.written_off_by, one.why,
         one.recovered_minor)
        for one in claims(**form.wanted(), today=today)
    )  # fmt: skip
    return csv_file("invoices", [head, *lines], on=today)


@operator_required
@require_POST
def write_off(request: OperatorRequest, claim_id: UUID) -> HttpResponse:
    """Let the guarantee bear what a customer will not pay."""
    form = WriteOffForm(request.POST)
    return _act(
        request,
        form,
        lambda: write_off_claim(claim_id=claim_id, why=form.cleaned_data["why"], who=request.operator.email, now=now()),
        _("The invoice has been written off."),
        to="operators:claims",
    )


@operator_required
@require_safe
def partner_invoice_list(request: OperatorRequest) -> HttpResponse:
    """List the monthly invoices to partners, first those that wait for a decision."""
    form, today = PartnerInvoicesForm(request.GET), timezone.localdate(now())
    found = listed(
        request, partner_invoices(**form.wanted(), today=today), form, heading=_("Partners' invoices"),
        csv="partner_invoices_csv", nothing=_("No invoice has been issued yet."),
    )  # fmt: skip
    context = {"section": "bank", "part": "partners", "today": today, **found}
    return render(request, "operators/bank/partner_invoices.html", context)


@operator_required
@require_safe
def partner_invoices_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    today = timezone.localdate(now())
    head = (
        "number", "partner", "month", "currency", "net_minor", "vat_minor", "gross_minor", "issued_on", "due_on",
        "received_minor", "paid_at", "reference", "reminders_sent", "reminded_until",
    )  # fmt: skip
    lines = (
        (one.number, one.buyer["name"], f"{one.month:%Y-%m}", one.currency, one.net_minor, one.vat_minor,
         one.gross_minor, one.issued_on, one.due_on, one.received_minor, one.paid_at or "", one.reference, one.sent,
         one.pay_by or "")
        for one in partner_invoices(**PartnerInvoicesForm(request.GET).wanted(), today=today)
    )  # fmt: skip
    return csv_file("partner-invoices", [head, *lines], on=today)


@operator_required
@require_safe
def partner_invoice(request: OperatorRequest, invoice_id: UUID) -> HttpResponse:
    """Give an invoice to a partner as PDF."""
    try:
        found = invoice_by_id(invoice_id)
        content = keep_drawing(found.pk)
    except PartnerInvoice.DoesNotExist as error:
        raise Http404 from error
    except UnableToDraw as error:
        messages.error(request, str(error))
        return redirect("operators:partner_invoices")
    return pdf_response(content, name=found.number)


def _desk(request: OperatorRequest, form: FileForm) -> HttpResponse:
    page = Paginator(on_desk(), DESK_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "bank",
        "part": "desk",
        "form": form,
        "page": page,
        "cards": [(one, AssignForm(auto_id=f"{one.pk}-%s"), SetAsideForm(auto_id=f"{one.pk}-%s")) for one in page],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/bank/desk.html", context, status=status)


def _act(
    request: OperatorRequest, form: forms.Form, act: Callable[[], object], done: str, to: str = "operators:bank"
) -> HttpResponse:
    """Do something about a payment or an invoice and say what came of it, where it was asked for."""
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect(to)
    try:
        act()
    except (BankPayment.DoesNotExist, Claim.DoesNotExist) as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(to)
