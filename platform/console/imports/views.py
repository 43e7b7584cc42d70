"""The managers' screen on which orders come in a table. Nothing is kept of it but the orders."""

import json
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem

from console.imports.forms import FileForm, Table, TableForm
from console.permissions import VIEW_ORDERS
from journeys.order.booking.import_orders import MOST_ROWS, Row, import_orders, template
from kernel.clock import now
from kernel.errors import DomainError
from kernel.files.spreadsheets import csv_file, workbook_file
from tenants.context import current_tenant
from tenants.models import Feature
from tenants.requests import Request
from tenants.selectors import has_feature


@never_cache
@permission_required(VIEW_ORDERS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: Request) -> HttpResponse:
    """Look at a file row by row and place nothing."""
    if request.method != "POST":
        return _page(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    table = form.cleaned_data["file"]
    try:
        rows = _import(request, table, is_rehearsal=True)
    except DomainError as error:
        form.add_error("file", str(error))
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, FileForm(), rows=rows, table_form=TableForm(initial={"table": json.dumps(table)}))


@never_cache
@permission_required(VIEW_ORDERS, raise_exception=True)
@require_http_methods(["POST"])
def place(request: Request) -> HttpResponse:
    """Place the orders of a table that was looked at."""
    form, again = TableForm(request.POST), FileForm()
    if not form.is_valid():
        return _page(request, again, table_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        rows = _import(request, form.cleaned_data["table"], is_rehearsal=False)
    except DomainError as error:
        form.add_error("table", str(error))
        return _page(request, again, table_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, again, rows=rows, is_placed=True)


@permission_required(VIEW_ORDERS, raise_exception=True)
@require_safe
def template_workbook(request: Request) -> HttpResponse:
    """Give the template as a workbook."""
    return workbook_file("orders", template())


@permission_required(VIEW_ORDERS, raise_exception=True)
@require_safe
def template_text(request: Request) -> HttpResponse:
    """Give the template as CSV."""
    return csv_file("orders", [tuple(line) for line in template()], on=now().date())


class ImportMenuItem(MenuItem):
    """A menu item where orders may come from elsewhere."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may place orders by a table."""
        tenant = current_tenant()
        return tenant is not None and has_feature(tenant, Feature.API) and request.user.has_perm(VIEW_ORDERS)


def menu_item() -> MenuItem:
    """Return the entry of the menu."""
    return ImportMenuItem(gettext_lazy("Import orders"), reverse("import_orders"), icon_name="upload", order=107)


def _import(request: Request, table: Table, *, is_rehearsal: bool) -> list[Row]:
    manager = request.user.uuid if request.user.is_authenticated else None
    return import_orders(table=table, is_rehearsal=is_rehearsal, booked_by=manager, now=now())


def _page(request: Request, form: FileForm, *, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> HttpResponse:
    rows: list[Row] = more.get("rows", [])
    context = {
        "page_title": _("Import orders"),
        "header_icon": "upload",
        "form": form,
        "most_rows": MOST_ROWS,
        "wrong": sum(bool(row.faults) for row in rows),
        "known": sum(row.was_placed for row in rows),
        "right": sum(not row.faults and not row.was_placed for row in rows),
        "is_on": has_feature(request.tenant, Feature.API),
    }
    return render(request, "console/imports/imports.html", context | more, status=status)


urlpatterns = [
    path("import-orders/", import_page, name="import_orders"),
    path("import-orders/place/", place, name="import_orders_place"),
    path("import-orders/template.xlsx", template_workbook, name="import_orders_workbook"),
    path("import-orders/template.csv", template_text, name="import_orders_text"),
]
