"""Contracts on overflow as operators make, change and end them, and the audit log of what crossed (R17)."""

import csv
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dispatch.models import Crossing, OverflowContract
from dispatch.overflow.contracts import UnableToMakeContract, end_contract
from dispatch.overflow.crossings import contract_by_id, crossings, sides_of, volumes
from dispatch.overflow.crossings import contracts as all_contracts
from journeys.partner.contracts import (
    agree_contract,
    change_contract,
    named,
    names_of_crossings,
    side_names,
    taker_name,
)
from kernel.clock import now
from operators.access import OperatorRequest, operator_required
from operators.contracts.forms import ContractForm, CrossingsForm
from tenants.selectors import partners

CONTRACTS_A_PAGE = 50
CROSSINGS_A_PAGE = 50
ROWS_AT_ONCE = 500
COLUMNS = (
    "at", "giver", "taker", "order", "contract", "currency", "price_minor", "commission_bp", "commission_minor",
    "partner_share_minor", "friend_minor", "state", "is_done", "carried",
)  # fmt: skip


@operator_required
@require_safe
def contract_list(request: OperatorRequest) -> HttpResponse:
    """List the contracts, running ones first."""
    page = Paginator(all_contracts(), CONTRACTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "contracts", "page": page, "rows": named(page)}
    return render(request, "operators/contracts/contracts.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_contract(request: OperatorRequest) -> HttpResponse:
    """Make a contract."""
    initial = {"valid_from": now().date(), "giver": request.GET.get("giver", "")}
    form = ContractForm(request.POST or None, partners=list(partners()), initial=initial)
    if not (form.is_bound and form.is_valid()):
        return _form(request, form)
    try:
        made = agree_contract(agreement=form.agreement(), who=str(request.operator), now=now())
    except UnableToMakeContract as error:
        form.show_faults(error.fields)
        return _form(request, form)
    messages.success(request, _("The contract is in force."))
    return redirect("operators:contract", made.pk)


@operator_required
@require_safe
def contract(request: OperatorRequest, contract_id: UUID) -> HttpResponse:
    """Show a contract and what crossed by it."""
    found = _contract(contract_id)
    passed = crossings(contract_id=found.pk)
    (row,) = named([found])
    context = {
        "section": "contracts",
        "row": row,
        "contract": found,
        "volumes": volumes(passed),
        "crossings": _named_crossings(passed[:5]),
        "is_pair_with_fallback": _falls_back(found),
    }
    return render(request, "operators/contracts/contract.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OperatorRequest, contract_id: UUID) -> HttpResponse:
    """End a contract and make it anew with other terms."""
    found = _contract(contract_id)
    form = ContractForm(request.POST or None, partners=list(partners()), contract=found)
    if not (form.is_bound and form.is_valid()):
        return _form(request, form, found)
    try:
        made = change_contract(contract_id=found.pk, agreement=form.agreement(), who=str(request.operator), now=now())
    except UnableToMakeContract as error:
        form.show_faults(error.fields)
        return _form(request, form, found)
    messages.success(request, _("The contract is in force with its new terms. The old one is kept."))
    return redirect("operators:contract", made.pk)


@operator_required
@require_POST
def end(request: OperatorRequest, contract_id: UUID) -> HttpResponse:
    """End a contract at once."""
    end_contract(contract_id=_contract(contract_id).pk, who=str(request.operator), now=now())
    messages.success(request, _("The contract has ended. No more friends are asked under it."))
    return redirect("operators:contract", contract_id)


@operator_required
@require_safe
def crossing_list(request: OperatorRequest) -> HttpResponse:
    """List what crossed, by partner, contract and days, with its sums."""
    form = CrossingsForm(request.GET, partners=list(partners()))
    found = crossings(**form.wanted(), time_zone=settings.TIME_ZONE)
    page = Paginator(found, CROSSINGS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "section": "contracts",
        "form": form,
        "page": page,
        "crossings": _named_crossings(page),
        "volumes": volumes(found),
        "query": query.urlencode(),
        "is_searching": any(form.wanted().values()),
    }
    return render(request, "operators/contracts/crossings.html", context)


@operator_required
@require_safe
def crossings_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    form = CrossingsForm(request.GET, partners=list(partners()))
    found = crossings(**form.wanted(), time_zone=settings.TIME_ZONE)
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="crossings-{now():%Y-%m-%d}.csv"'},
    )
    csv.writer(answer).writerows(_csv_rows(found.iterator(ROWS_AT_ONCE), side_names(sides_of(found))))
    return answer


def _csv_rows(found: Iterable[Crossing], names: dict[int, str]) -> Iterable[tuple[Any, ...]]:
    yield COLUMNS
    for row in found:
        yield (
            row.at.isoformat(),
            _safe(names[row.job.tenant_id]),
            _safe(taker_name(row.community, names)),
            row.job.order_number,
            row.contract_id,
            row.currency,
            row.job.price_minor,
            row.commission_bp,
            row.commission_minor,
            row.partner_share_minor,
            row.friend_minor,
            row.job.state,
            int(row.is_done),  # type: ignore[attr-defined]  # annotated by crossings
            " ".join(row.carried),
        )


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _named_crossings(found: Iterable[Crossing]) -> list[tuple[Crossing, str, str]]:
    rows = list(found)
    names = names_of_crossings(rows)
    return [(row, names[row.job.tenant_id], taker_name(row.community, names)) for row in rows]


def _falls_back(found: OverflowContract) -> bool:
    """Say whether the contract for all would hold where this one of a pair ends."""
    return found.tenant_id is not None and any(
        one.tenant_id is None and one.community == found.community and one.ended_at is None for one in all_contracts()
    )


def _contract(contract_id: UUID) -> OverflowContract:
    try:
        return contract_by_id(contract_id)
    except OverflowContract.DoesNotExist as error:
        raise Http404 from error


def _form(request: OperatorRequest, form: ContractForm, contract: OverflowContract | None = None) -> HttpResponse:
    context = {"section": "contracts", "form": form, "groups": form.groups(), "contract": contract}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/contracts/contract_form.html", context, status=status)
