"""The partner's month: what came in, what went to friends, what the platform kept, and why; with its orders (R19)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from console.books.views import ON_A_PAGE, BooksMenuItem
from console.permissions import VIEW_ORDERS
from journeys.reads.partner_month import OrderOfMonth, count_orders, month_of, own_months, own_orders
from kernel.clock import now
from kernel.files.spreadsheets import csv_file
from ledger.months import COLUMNS, Month
from tenants.requests import Request

NAMES: dict[str, Any] = {
    "came_in": gettext_lazy("Came in from customers"),
    "open": gettext_lazy("Still owed by customers"),
    "friends": gettext_lazy("Went to friends"),
    "kept": gettext_lazy("Kept by the platform"),
    "vat": gettext_lazy("VAT on it"),
    "share": gettext_lazy("Your share"),
    "borne": gettext_lazy("Borne by the platform"),
}


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def month(request: Request) -> HttpResponse:
    """Show a month in one of the partner's currencies, and its orders."""
    first = _asked(request)
    months = own_months(request.tenant, first)
    shown = _of_currency(months, request.GET.get("currency", ""))
    count = count_orders(request.tenant, first, shown.currency) if shown else 0
    page = Paginator(range(count), ON_A_PAGE).get_page(request.GET.get("p"))
    begin = max(page.start_index() - 1, 0)
    rows = own_orders(request.tenant, first, shown.currency, offset=begin, limit=ON_A_PAGE) if shown else []
    last = month_of(first)[1]
    context = {
        "page_title": _("Your month"),
        "header_icon": "clipboard-list",
        "first": first,
        "before": first - timedelta(days=1),
        "after": last + timedelta(days=1) if last < _today() else None,
        "months": months,
        "shown": shown,
        "sums": _sums(shown) if shown else [],
        "columns": [NAMES[one.name] for one in COLUMNS],
        "rows": [(one, _cells(one)) for one in rows],
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/books/month.html", context)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def month_as_csv(request: Request) -> HttpResponse:
    """Give the month's orders in every currency as a file, whole."""
    first = _asked(request)
    return csv_file(f"month-{first:%Y-%m}", _lines(request, first), on=_today())


def _lines(request: Request, first: date) -> Iterator[tuple[Any, ...]]:
    yield "order", "day", "currency", *(f"{one.name}_minor" for one in COLUMNS)
    for found in own_months(request.tenant, first):
        for one in own_orders(request.tenant, first, found.currency):
            yield one.order.number if one.order else "", one.on, found.currency, *_cells(one)


def _sums(shown: Month) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Return the columns in which something was booked with their reasons."""
    return [
        (NAMES[one.name], shown.sums[one.name], [(str(event.label), amount) for event, amount in shown.why[one.name]])
        for one in COLUMNS
        if shown.why.get(one.name)
    ]


def _cells(one: OrderOfMonth) -> list[int]:
    return [one.sums[column.name] for column in COLUMNS]


def _of_currency(months: list[Month], currency: str) -> Month | None:
    return next((one for one in months if one.currency == currency), months[0] if months else None)


def _asked(request: Request) -> date:
    """Return the first day of the month that is asked for; of the present one where that makes no sense."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return _today().replace(day=1)
    return min(asked, _today().replace(day=1))


def _today() -> date:
    return timezone.localdate(now())


def menu_item() -> MenuItem:
    """Return the entry of the reports menu."""
    return BooksMenuItem(gettext_lazy("Your month"), reverse("own_month"), icon_name="calendar-alt", order=870)


urlpatterns = [
    path("reports/month/", month, name="own_month"),
    path("reports/month/csv/", month_as_csv, name="own_month_csv"),
]
