"""The managers' screens of endpoints: all of them, and one with its log.

A secret stands on the endpoint's page: it proves who sends, and opens nothing.
"""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.menu import MenuItem

from console.permissions import CHANGE_SETTINGS
from console.webhooks.forms import EndpointForm, SpanForm
from developers.errors import UnableToMakeEndpoint, UnableToReplay
from developers.models import Delivery, Endpoint
from developers.webhooks import (
    add_endpoint,
    change_endpoint,
    deliveries_of,
    end_endpoint,
    endpoint_by_uuid,
    endpoints,
    replace_secret,
    resume_endpoint,
    send_test_event,
)
from journeys.partner.tell_endpoints import replay_one, replay_span
from kernel.clock import now
from kernel.errors import DomainError
from tenants.requests import Request

CALLS_A_PAGE = 50


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_list(request: Request) -> HttpResponse:
    """List the endpoints, or add one."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            endpoint = add_endpoint(tenant_id=request.tenant.pk, who=str(request.user), now=now(), **form.values())
        except UnableToMakeEndpoint as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("The endpoint has been added."))
            return redirect("webhook", endpoint.uuid)
    context = {
        "page_title": _("Webhooks"),
        "header_icon": "link",
        "form": form,
        "endpoints": endpoints(),
    }
    return render(request, "console/webhooks/webhooks.html", context, status=_status_of(form))


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Show an endpoint with its log, or change it."""
    endpoint = _found(endpoint_uuid)
    form = EndpointForm(request.POST if request.method == "POST" else None, endpoint=endpoint)
    if form.is_bound and form.is_valid():
        try:
            change_endpoint(endpoint_uuid=endpoint_uuid, **form.values())
        except UnableToMakeEndpoint as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("Your changes have been saved."))
            return redirect("webhook", endpoint_uuid)
    return _page(request, endpoint, form=form)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def send_again(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Send again all that happened in a span of time."""
    endpoint, form = _found(endpoint_uuid), SpanForm(request.POST)
    if form.is_valid():
        try:
            count = replay_span(endpoint_uuid=endpoint_uuid, now=now(), **form.cleaned_data)
        except UnableToReplay as error:
            form.show_faults(error.fields)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("webhook", endpoint_uuid)
        else:
            words = ngettext(
                "%(count)d message is being sent again.", "%(count)d messages are being sent again.", count
            )
            messages.success(request, words % {"count": count})
            return redirect("webhook", endpoint_uuid)
    return _page(request, endpoint, span=form)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def send_one_again(request: Request, endpoint_uuid: UUID, delivery_id: int) -> HttpResponse:
    """Send again what was sent by one call."""
    return _done(
        request,
        endpoint_uuid,
        lambda: replay_one(endpoint_uuid=endpoint_uuid, delivery_id=delivery_id, now=now()),
        _("The message is being sent again."),
    )


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def test(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Send a message that is about nothing."""
    return _done(
        request,
        endpoint_uuid,
        lambda: send_test_event(endpoint_uuid=endpoint_uuid, now=now()),
        _("A test message is being sent. Reload this page in a moment to see the answer."),
    )


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def end(request: Request, endpoint_uuid: UUID) -> HttpResponse:
    """Remove an endpoint."""
    return _done(
        request,
        None,
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
        endpoint_uuid,
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
        endpoint_uuid,
        lambda: resume_endpoint(endpoint_uuid=endpoint_uuid),
        _("The endpoint gets messages again from now on. You can send what it missed below."),
    )


class WebhooksMenuItem(MenuItem):
    """A menu item for those who may change the partner's settings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may add endpoints."""
        return request.user.has_perm(CHANGE_SETTINGS)


def menu_item() -> MenuItem:
    """Return the entry of the settings menu."""
    return WebhooksMenuItem(gettext_lazy("Webhooks"), reverse("webhooks"), icon_name="link", order=21)


def _page(
    request: Request, endpoint: Endpoint, *, form: EndpointForm | None = None, span: SpanForm | None = None
) -> HttpResponse:
    shown = form or EndpointForm(endpoint=endpoint)
    calls = Paginator(deliveries_of(endpoint), CALLS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Webhooks"),
        "page_subtitle": endpoint.url,
        "header_icon": "link",
        "endpoint": endpoint,
        "form": shown,
        "span": span or SpanForm(now=now()),
        "calls": calls,
        "elided": calls.paginator.get_elided_page_range(calls.number),
    }
    return render(request, "console/webhooks/webhook.html", context, status=_status_of(span or shown))


def _status_of(form: EndpointForm | SpanForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


def _found(endpoint_uuid: UUID) -> Endpoint:
    try:
        return endpoint_by_uuid(endpoint_uuid)
    except Endpoint.DoesNotExist as error:
        raise Http404 from error


def _done(request: Request, endpoint_uuid: UUID | None, act: Callable[[], object], said: str) -> HttpResponse:
    """Do something, say so, and lead to the page of the endpoint, or of all where it is gone."""
    try:
        act()
    except (Endpoint.DoesNotExist, Delivery.DoesNotExist) as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    if endpoint_uuid is None or not Endpoint.objects.filter(uuid=endpoint_uuid, ended_at=None).exists():
        return redirect("webhooks")
    return redirect("webhook", endpoint_uuid)


urlpatterns = [
    path("webhooks/", endpoint_list, name="webhooks"),
    path("webhooks/<uuid:endpoint_uuid>/", one, name="webhook"),
    path("webhooks/<uuid:endpoint_uuid>/test/", test, name="webhook_test"),
    path("webhooks/<uuid:endpoint_uuid>/again/", send_again, name="webhook_again"),
    path("webhooks/<uuid:endpoint_uuid>/calls/<int:delivery_id>/", send_one_again, name="webhook_call_again"),
    path("webhooks/<uuid:endpoint_uuid>/end/", end, name="webhook_end"),
    path("webhooks/<uuid:endpoint_uuid>/secret/", replace, name="webhook_secret"),
    path("webhooks/<uuid:endpoint_uuid>/resume/", resume, name="webhook_resume"),
]
