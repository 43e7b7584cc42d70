"""Operators report a year to the tax office, and see whose details are missing (R19)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crowd.selectors import names_of
from journeys.money.sellers.report_sellers import make_reports, sellers_of, take_report, unknown_sellers
from kernel.clock import now
from kernel.errors import DomainError
from kernel.files.spreadsheets import csv_file
from operators.access import OperatorRequest, operator_required
from tax.models import Report
from tax.selectors import due_on, missing, report_by_id
from tax.selectors import reports as all_reports

A_PAGE = 50


@operator_required
@require_safe
def reports(request: OperatorRequest) -> HttpResponse:
    """Show the year that is to be reported, who has not answered, and all reports."""
    today = _today()
    year = today.year - 1
    sellers = sellers_of(year)
    page = Paginator(missing(), A_PAGE).get_page(request.GET.get("page"))
    names = names_of({one.friend_id for one in page})
    context = {
        "section": "tax",
        "part": "reports",
        "year": year,
        "due_on": due_on(year),
        "sellers_count": len(sellers),
        "unknown_count": len(unknown_sellers(sellers)),
        "reports": list(all_reports()),
        "page": page,
        "rows": [(one, names.get(one.friend_id, "")) for one in page],
    }
    return render(request, "operators/tax/reports.html", context)


@operator_required
@require_safe
def missing_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the list of those who have not answered as a file, whole."""
    found = list(missing())
    names = names_of({one.friend_id for one in found})
    lines: list[tuple[Any, ...]] = [("friend", "name", "asked", "first_reminder", "second_reminder", "blocked")]
    lines += [
        (one.friend_id, names.get(one.friend_id, ""), one.asked_at, one.reminded_at or "", one.reminded_again_at or "",
         one.blocked_at or "")
        for one in found
    ]  # fmt: skip
    return csv_file("missing-tax-details", lines, on=_today())


@operator_required
@require_POST
def make(request: OperatorRequest, year: int) -> HttpResponse:
    """Write what is new for a year, and what corrects."""
    try:
        made = make_reports(year=year, who=request.operator.email, today=_today(), now=now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("operators:tax")
    said = ngettext(
        "%(count)d report is ready. The friends have been notified.",
        "%(count)d reports are ready. The friends have been notified.",
        len(made),
    )
    messages.success(request, said % {"count": len(made)})
    return redirect("operators:tax")


@operator_required
@require_POST
def report(request: OperatorRequest, report_id: UUID) -> HttpResponse:
    """Give a report, and write down who took it."""
    try:
        found = report_by_id(report_id)
    except Report.DoesNotExist as error:
        raise Http404 from error
    content = take_report(report=found, who=request.operator.email, now=now())
    return HttpResponse(
        content,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{found.file_name}"'},
    )


def _today() -> date:
    return timezone.localdate(now())
