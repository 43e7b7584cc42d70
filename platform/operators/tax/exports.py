"""The books of a month as an accountant's program reads them: DATEV, or a plain CSV (R19)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kernel.clock import now
from kernel.files.spreadsheets import csv_file
from ledger.kinds import AccountKind, Event
from ledger.selectors import transactions_between
from operators.access import OperatorRequest, operator_required
from operators.tax.forms import ExportForm
from tax.datev import CHARTS, Batch, Booked, Side, write
from tenants.selectors import partners


@operator_required
@require_safe
def choose(request: OperatorRequest) -> HttpResponse:
    """Choose what to export."""
    context = {"section": "tax", "part": "exports", "form": _form(request)}
    return render(request, "operators/tax/exports.html", context)


@operator_required
@require_safe
def as_datev(request: OperatorRequest) -> HttpResponse:
    """Give the month as a DATEV posting batch."""
    form = _form(request)
    if not form.is_valid():
        return redirect("operators:accounting")
    since, until = form.period()
    said = form.cleaned_data
    batch = Batch(
        adviser=said["adviser"],
        client=said["client"],
        chart=CHARTS[said["chart"]],
        since=since,
        until=until,
        currency=said["currency"],
        title=f"Quartett {since:%m/%Y} {said['currency']}",
        made_at=now(),
    )
    content = write(batch, _booked(form))
    name = f"EXTF_Buchungsstapel_{since:%Y-%m}_{said['currency']}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=windows-1252",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@operator_required
@require_safe
def as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the month as a plain file, an entry a line."""
    form = _form(request)
    if not form.is_valid():
        return redirect("operators:accounting")
    since, _until = form.period()
    lines: list[tuple[Any, ...]] = [
        ("booked_on", "transaction", "event", "key", "order", "job", "kind", "currency", "debit_minor", "credit_minor")
    ]
    for made in _transactions(form):
        lines += [
            (made.booked_on, made.pk, made.event, made.key, made.order_id or "", made.job_id or "", entry.account.kind,
             entry.account.currency, max(entry.amount_minor, 0), entry.credit_minor)
            for entry in made.in_currency
        ]  # fmt: skip
    return csv_file("books", lines, on=since)


def _form(request: OperatorRequest) -> ExportForm:
    return ExportForm(request.GET, today=timezone.localdate(now()), partners=list(partners()))


def _transactions(form: ExportForm) -> Any:
    since, until = form.period()
    currency = form.cleaned_data["currency"]
    return transactions_between(since=since, until=until, currency=currency, tenant_id=form.tenant_id())


def _booked(form: ExportForm) -> list[Booked]:
    return [
        Booked(
            number=made.pk,
            event=Event(made.event),
            on=made.booked_on,
            about=str(made.order_id or made.payout_id or ""),
            sides=[Side(AccountKind(entry.account.kind), entry.amount_minor) for entry in made.in_currency],
        )
        for made in _transactions(form)
    ]
