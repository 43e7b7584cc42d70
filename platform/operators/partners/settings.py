"""A partner's settings and their history, as operators change them."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel.clock import now
from operators.access import OperatorRequest, operator_required
from operators.partners.views import partner_or_404
from staffroom.settings.forms import SettingsForm, read_version
from staffroom.settings.look import looks_of
from staffroom.settings.planned import plans_of
from staffroom.settings.words import lines_of
from tenants.errors import SettingsChangedMeanwhile, UnableToChangeSettings
from tenants.models import Tenant
from tenants.selectors import changes_since, history, settings_version
from tenants.services import change_settings
from tenants.settings.rules import SETTINGS

CHANGES_A_PAGE = 50
# The base rate is agreed when a partner is made; from then on a change of it is planned and announced.
CHANGED_AT_ONCE = [name for name in SETTINGS if name != "commission_bp"]


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner_settings(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show all settings, look at colours and rules before they are saved, or save."""
    partner = partner_or_404(slug)
    if request.method != "POST":
        return _settings(request, SettingsForm(tenant=partner, names=CHANGED_AT_ONCE))
    form, version = SettingsForm(request.POST, tenant=partner, names=CHANGED_AT_ONCE), read_version(request.POST)
    if form.is_valid() and "preview" in request.POST:
        return _settings(request, form, version=version, preview=request.POST["preview"])
    if not form.is_valid():
        return _settings(request, form, version=version, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        change_settings(tenant=partner, who=str(request.operator), now=now(), version=version, **form.values())
    except UnableToChangeSettings as error:
        form.show_faults(error.fields)
        return _settings(request, form, version=version, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SettingsChangedMeanwhile as error:
        form.add_error(None, str(error))
        return _settings(request, form, meanwhile=since(partner, version), status=HTTPStatus.CONFLICT)
    messages.success(request, _("The settings have been saved."))
    return redirect("operators:settings", partner.slug)


@operator_required
@require_safe
def partner_history(request: OperatorRequest, slug: str) -> HttpResponse:
    """List who changed which setting when."""
    partner = partner_or_404(slug)
    page = Paginator(history(partner), CHANGES_A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "partners", "part": "history", "partner": partner, "page": page, "lines": lines_of(page)}
    return render(request, "operators/partners/history.html", context)


def since(partner: Tenant, version: int) -> list[Any]:
    """Return the lines of what was changed at a partner after a version."""
    return lines_of(changes_since(partner, version))


def _settings(
    request: OperatorRequest,
    form: SettingsForm,
    *,
    version: int | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """Show the form; without a version it takes the present one, so that saving again is meant."""
    context = {
        "section": "partners",
        "part": "settings",
        "partner": form.tenant,
        "form": form,
        "groups": form.groups(),
        "looks": looks_of(*form.colours(), theme=form.chosen_theme()),
        "plans": plans_of(form.with_values(), now=now()),
        "version": settings_version(form.tenant) if version is None else version,
    }
    return render(request, "operators/partners/settings.html", context | more, status=status)
