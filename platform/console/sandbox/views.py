"""The managers' screen of the sandbox. A new test key's token is on the page that answers, and nowhere afterwards."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.menu import MenuItem

from console.keys.forms import KeyForm
from console.permissions import CHANGE_SETTINGS
from developers.errors import UnableToMakeKey
from developers.models import Key
from developers.selectors import running_keys
from developers.services import end_key, make_key
from journeys.partner.sandbox import Standing, ask_for_sandbox, standing_of
from kernel.clock import now, real_now
from kernel.errors import DomainError
from notifications.held_back import held_back_of
from tenants.context import platform_context, tenant_context
from tenants.models import OperationState, Tenant
from tenants.requests import Request
from tenants.selectors import tenant_url

SHOWN = 20


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sandbox_page(request: Request) -> HttpResponse:
    """Show the sandbox, or make a test key and show that once."""
    standing = standing_of(request.tenant)
    if request.method != "POST" or standing.sandbox is None:
        return _page(request, standing, KeyForm())
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            values, moment = form.values(request.tenant), now()
            with tenant_context(standing.sandbox):
                made = make_key(who=str(request.user), now=moment, **values)
        except UnableToMakeKey as error:
            form.show_faults(error.fields)
        else:
            return _page(request, standing, KeyForm(), token=made.token, made=made.key)
    return _page(request, standing, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def renew(request: Request) -> HttpResponse:
    """Ask for a sandbox, or for a fresh one in its place."""
    ask_for_sandbox(partner=request.tenant, who=str(request.user), now=now())
    messages.success(request, _("The sandbox is being set up. It takes a few seconds."))
    return redirect("sandbox")


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def end(request: Request, key_uuid: UUID) -> HttpResponse:
    """End a test key at once."""
    sandbox = standing_of(request.tenant).sandbox
    if sandbox is None:
        raise Http404
    moment = now()
    try:
        with tenant_context(sandbox):
            end_key(key_uuid=key_uuid, who=str(request.user), now=moment)
    except Key.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The key has been revoked. Nobody can use it any more."))
    return redirect("sandbox")


class SandboxMenuItem(MenuItem):
    """A menu item for those who may change the partner's settings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may make test keys."""
        return request.user.has_perm(CHANGE_SETTINGS)


def menu_item() -> MenuItem:
    """Return the entry of the settings menu."""
    return SandboxMenuItem(gettext_lazy("Sandbox"), reverse("sandbox"), icon_name="code", order=22)


def _page(
    request: Request, standing: Standing, form: KeyForm, *, status: HTTPStatus = HTTPStatus.OK, **made: Any
) -> HttpResponse:
    operation = standing.operation
    context = {
        "page_title": _("Sandbox"),
        "header_icon": "code",
        "form": form,
        "sandbox": standing.sandbox,
        "is_under_way": operation is not None and not operation.finished_at,
        "fault": operation.error if operation and operation.state == OperationState.FAILED else "",
        "address": tenant_url(request.tenant, "/api/v1/"),
        **(_inside(standing.sandbox) if standing.sandbox else {}),
    }
    return render(request, "console/sandbox/sandbox.html", context | made, status=status)


def _inside(sandbox: Tenant) -> dict[str, Any]:
    """Return what the page shows of a sandbox."""
    with tenant_context(sandbox):
        moment, running = now(), list(running_keys(now=real_now()))
    with platform_context():
        held_back = list(held_back_of(sandbox.pk)[:SHOWN])
    return {
        "moment": moment,
        "running": running,
        "held_back": held_back,
    }


urlpatterns = [
    path("sandbox/", sandbox_page, name="sandbox"),
    path("sandbox/renew/", renew, name="sandbox_renew"),
    path("sandbox/keys/<uuid:key_uuid>/end/", end, name="sandbox_key_end"),
]
