"""The managers' screens of a simulation: choose rules and a month, watch it, read what came of both sets of rules."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem

from console.settings.views import CHANGE_SETTINGS
from console.simulation.forms import MonthForm
from console.simulation.plots import figures_in_words, plots_of
from dispatch.terms import Terms, terms_of
from journeys import tasks
from journeys.partner.simulate_rules import (
    DONE,
    FAILED,
    Run,
    Wanted,
    begin_simulation,
    has_month,
    latest_simulations,
    simulation,
)
from kernel.clock import now
from staffroom.settings.forms import SettingsForm
from staffroom.settings.groups import SEARCH
from staffroom.settings.words import LABELS, write_value
from tenants.requests import Request


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    """Choose the rules to compare the present ones with, and the month; then let the worker play it."""
    data = request.POST if request.method == "POST" else None
    rules = SettingsForm(data, tenant=request.tenant, names=SEARCH)
    month = MonthForm(data, tenant=request.tenant, has_orders=has_month(request.tenant, now=now()))
    if data is not None and rules.is_valid() and month.is_valid():
        other = terms_of(rules.with_values())
        if other != terms_of(request.tenant):
            return _begin(request, other, month.wanted())
        rules.add_error(None, _("Please change at least one rule; there is nothing to compare yet."))
    context = {
        "page_title": _("Try other rules"),
        "header_icon": "cogs",
        "rules": rules,
        "fields": [rules[name] for name in SEARCH],
        "month": month,
        "runs": latest_simulations(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if data is not None else HTTPStatus.OK
    return render(request, "console/simulation/choose.html", context, status=status)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_safe
def show(request: Request, run_id: UUID) -> HttpResponse:
    """Show how far a run is, or what came of it."""
    run = _run(run_id)
    context: dict[str, Any] = {
        "page_title": _("Rules side by side") if run.state == DONE else _("The month is being played"),
        "header_icon": "cogs",
        "run": run,
        "percent": round(run.share * 100),
        "is_lost": run.is_lost(now()) or run.state == FAILED,
        "is_done": run.state == DONE,
        "changes": _changes(*run.terms),
    }
    if run.state == DONE:
        context |= {"plots": plots_of(run), "figures": figures_in_words(run)}
    return render(request, "console/simulation/run.html", context)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_safe
def progress(request: Request, run_id: UUID) -> JsonResponse:
    """Tell the page how far the run is: percent, and whether there is something else to show."""
    run = _run(run_id)
    is_over = run.state in {DONE, FAILED} or run.is_lost(now())
    return JsonResponse({"percent": round(run.share * 100), "is_over": is_over})


@never_cache
@require_POST
@permission_required(CHANGE_SETTINGS, raise_exception=True)
def again(request: Request, run_id: UUID) -> HttpResponse:
    """Play the same month by the same rules once more."""
    run = _run(run_id)
    return _begin(request, run.terms[1], run.wanted)


def _begin(request: Request, other: Terms, wanted: Wanted) -> HttpResponse:
    run = begin_simulation(tenant=request.tenant, other=other, wanted=wanted, who=str(request.user), now=now())
    transaction.on_commit(lambda: tasks.simulate_rules.delay(run.id))
    messages.success(request, _("The month is being played. You can leave this page and come back."))
    return redirect("simulation", run.id)


def _run(run_id: UUID) -> Run:
    run = simulation(str(run_id))
    if run is None:
        raise Http404
    return run


def _changes(present: Terms, other: Terms) -> list[tuple[str, str, str]]:
    """Return what differs: the rule, its present value and the other one, in words."""
    return [
        (str(LABELS[name]), write_value(name, getattr(present, name)), write_value(name, getattr(other, name)))
        for name in SEARCH
        if getattr(present, name) != getattr(other, name)
    ]


class SimulationMenuItem(MenuItem):
    """A menu item for those who may change the rules."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may change them."""
        return request.user.has_perm(CHANGE_SETTINGS)


def menu_item() -> MenuItem:
    """Return the entry of the reports menu."""
    return SimulationMenuItem(gettext_lazy("Try other rules"), reverse_lazy("simulate"), icon_name="cogs", order=880)


urlpatterns = [
    path("reports/simulation/", choose, name="simulate"),
    path("reports/simulation/<uuid:run_id>/", show, name="simulation"),
    path("reports/simulation/<uuid:run_id>/progress/", progress, name="simulation_progress"),
    path("reports/simulation/<uuid:run_id>/again/", again, name="simulation_again"),
]
