"""Operators see in what others differ from the books, have it compared again, and set aside what is no matter (R19)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dispatch.selectors import order_numbers
from journeys.money.comparing.reconcile import reconcile_now
from kernel.clock import now
from kernel.errors import DomainError
from kernel.files.spreadsheets import csv_file
from operators.access import OperatorRequest, operator_required
from operators.listing import listed
from operators.reconciliation.forms import AsideForm, DifferencesForm
from reconciliation.models import Difference
from reconciliation.selectors import differences, last_comparison, open_count
from reconciliation.services import set_aside
from tenants.selectors import partner_names


@operator_required
@require_safe
def difference_list(request: OperatorRequest) -> HttpResponse:
    """List differences, those that wait for a decision first."""
    form = DifferencesForm(request.GET)
    found = listed(
        request, differences(**form.wanted()), form, heading=_("Reconciliation"), csv="reconciliation_csv",
        nothing=_("No difference has been found yet."),
        with_facts=_with_facts,
    )  # fmt: skip
    context = {"section": "reconciliation", "open": open_count(), "last": last_comparison(), **found}
    return render(request, "operators/reconciliation/reconciliation.html", context)


@operator_required
@require_safe
def differences_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    head = (
        "with", "kind", "what", "key", "partner", "order", "payment", "payout", "currency", "amount_minor", "since",
        "found", "gone", "set_aside", "set_aside_by", "reason",
    )  # fmt: skip
    lines = (
        (one.party, one.kind, one.what, one.subject, partner, number, one.payment_id or "", one.payout_id or "",
         one.currency, one.amount_minor, one.since, one.found_at, one.gone_at or "", one.set_aside_at or "",
         one.set_aside_by, one.reason)
        for one, partner, number, _form in _with_facts(list(differences(**DifferencesForm(request.GET).wanted())))
    )  # fmt: skip
    return csv_file("differences", [head, *lines], on=_today())


@operator_required
@require_POST
def compare(request: OperatorRequest) -> HttpResponse:
    """Compare now."""
    try:
        new = reconcile_now(who=request.operator.email, now=now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(count)d difference is new.", "%(count)d differences are new.", new)
        messages.success(request, said % {"count": new} if new else _("Nothing new was found."))
    return redirect("operators:reconciliation")


@operator_required
@require_POST
def aside(request: OperatorRequest, difference_id: UUID) -> HttpResponse:
    """Set a difference aside."""
    try:
        set_aside(difference_id, reason=request.POST.get("reason", ""), who=request.operator.email, now=now())
    except Difference.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The difference has been set aside."))
    return redirect("operators:reconciliation")


def _with_facts(found: list[Difference]) -> list[tuple[Difference, str, str, AsideForm]]:
    """Return differences with the partner, the order's number and the form to set them aside (2 queries)."""
    partners: dict[Any, str] = dict(partner_names({one.tenant_id for one in found if one.tenant_id}))
    numbers = order_numbers({one.order_id for one in found if one.order_id})
    return [
        (
            one,
            partners.get(one.tenant_id, ""),
            numbers.get(one.order_id, str(one.order_id)) if one.order_id else "",
            AsideForm(auto_id=f"{one.pk}-%s", label_suffix=""),
        )
        for one in found
    ]


def _today() -> date:
    return timezone.localdate(now())
