"""The managers' screen of endpoints. A secret stands beside each: it proves who sends, and opens nothing."""

from collections.abc import Callable
from http import HTTPStatus
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

from console.permissions import CHANGE_SETTINGS
from console.webhooks.forms import EndpointForm
from developers.errors import UnableToMakeEndpoint
from developers.models import Endpoint
from developers.webhooks import add_endpoint, end_endpoint, endpoints, replace_secret, resume_endpoint
from kernel.clock import now
from kernel.errors import DomainError
from tenants.requests import Request


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_list(request: Request) -> HttpResponse:
    """List the endpoints with the latest calls, or add one."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            add_endpoint(tenant_id=request.tenant.pk, who=str(request.user), now=now(), **form.cleaned_data)
        except UnableToMakeEndpoint as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("The endpoint has been added."))
            return redirect("webhooks")
    context = {
        "page_title": _("Webhooks"),
        "header_icon": "link",
        "form": form,
        "endpoints": endpoints(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "console/webhooks/webhooks.html", context, status=status)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def end(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Remove an endpoint."""
    return _done(
        request,
        lambda: end_endpoint(endpoint_uuid=endpoint_uuid, who=str(request.user), now=now()),
        _("The endpoint has been removed."),
    )


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def replace(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Give an endpoint another secret."""
    return _done(
        request,
        lambda: replace_secret(endpoint_uuid=endpoint_uuid, now=now()),
        _("The secret has been replaced. For one day, messages are signed with the old one too."),
    )


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def resume(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Tell an endpoint again that was paused."""
    return _done(
        request,
        lambda: resume_endpoint(endpoint_uuid=endpoint_uuid),
        _("The endpoint gets messages again from now on."),
    )


class WebhooksMenuItem(MenuItem):
    """A menu item for those who may change the partner's settings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may add endpoints."""
        return request.user.has_perm(CHANGE_SETTINGS)


def menu_item() -> MenuItem:
    """Return the entry of the settings menu."""
    return WebhooksMenuItem(gettext_lazy("Webhooks"), reverse("webhooks"), icon_name="link", order=21)


def _done(request: Request, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except Endpoint.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("webhooks")


urlpatterns = [
    path("webhooks/", endpoint_list, name="webhooks"),
    path("webhooks/<uuid:endpoint_uuid>/end/", end, name="webhook_end"),
    path("webhooks/<uuid:endpoint_uuid>/secret/", replace, name="webhook_secret"),
    path("webhooks/<uuid:endpoint_uuid>/resume/", resume, name="webhook_resume"),
]
