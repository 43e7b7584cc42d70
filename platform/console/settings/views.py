"""The managers' screens: the partner's settings, and who changed what."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.permissions import CHANGE_SETTINGS
from journeys.reads.rates import names_of_rates, write_about
from kernel.clock import now
from staffroom.settings.forms import SettingsForm, read_version
from staffroom.settings.look import looks_of
from staffroom.settings.planned import plans_of
from staffroom.settings.words import lines_of
from tenants.errors import SettingsChangedMeanwhile, UnableToChangeSettings
from tenants.requests import Request
from tenants.selectors import changes_since, history, settings_version
from tenants.services import change_settings
from tenants.settings.commissions import About, commissions_of, write_days
from tenants.settings.rules import MANAGERS_SETTINGS

CHANGES_A_PAGE = 50


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: Request) -> HttpResponse:
    """Show the settings, look at colours and rules before they are saved, or save."""
    tenant = request.tenant
    if request.method != "POST":
        return _page(request, SettingsForm(tenant=tenant, names=MANAGERS_SETTINGS))
    form = SettingsForm(request.POST, tenant=tenant, names=MANAGERS_SETTINGS)
    is_valid, version = form.is_valid(), read_version(request.POST)
    if is_valid and "preview" in request.POST:
        return _page(request, form, version=version, preview=request.POST["preview"])
    if not is_valid:
        return _page(request, form, version=version, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        change_settings(tenant=tenant, who=str(request.user), now=now(), version=version, **form.values())
    except UnableToChangeSettings as error:
        form.show_faults(error.fields)
        return _page(request, form, version=version, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SettingsChangedMeanwhile as error:
        form.add_error(None, str(error))
        return _page(request, form, meanwhile=lines_of(changes_since(tenant, version)), status=HTTPStatus.CONFLICT)
    messages.success(request, _("The settings have been saved."))
    return redirect("partner_settings")


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_safe
def history_page(request: Request) -> HttpResponse:
    """List who changed which setting when."""
    page = Paginator(history(request.tenant), CHANGES_A_PAGE).get_page(request.GET.get("p"))
    return render(request, "console/settings/history.html", {"page": page, "lines": lines_of(page)})


def _page(
    request: Request,
    form: SettingsForm,
    *,
    version: int | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """Show the form; without a version it takes the present one, so that saving again is meant."""
    names = names_of_rates(request.tenant)
    context = {
        "form": form,
        "groups": form.groups(),
        "looks": looks_of(*form.colours(), theme=form.chosen_theme()),
        "plans": plans_of(form.with_values(), now=now()),
        "commissions": [
            (write_about(About.of(row), names), row.basis_points, write_days(row.valid_from, row.valid_until))
            for row in commissions_of(request.tenant)
        ],
        "version": settings_version(request.tenant) if version is None else version,
    }
    return render(request, "console/settings/settings.html", context | more, status=status)
