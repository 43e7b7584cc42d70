"""The managers' screen of keys. A new key's token is on the page that answers the form, and nowhere afterwards."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem

from console.keys.forms import KeyForm, RotateForm
from console.permissions import CHANGE_SETTINGS
from developers.errors import UnableToMakeKey
from developers.figures import figures
from developers.models import Key
from developers.selectors import latest_over_keys, running_keys
from developers.services import end_key, make_key, rotate_key
from kernel.clock import now, real_now
from kernel.errors import DomainError
from tenants.models import Feature
from tenants.requests import Request
from tenants.selectors import has_feature, tenant_url


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def key_list(request: Request) -> HttpResponse:
    """List the keys with their logs, or make one and show it once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = make_key(who=str(request.user), now=now(), **form.values(request.tenant))
        except UnableToMakeKey as error:
            form.show_faults(error.fields)
        else:
            return _page(request, KeyForm(), token=made.token, made=made.key)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return _page(request, form, status=status)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def rotate(request: Request, key_uuid: UUID) -> HttpResponse:
    """Replace a key by a new one, and show that once."""
    form = RotateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose when the old key ends."))
        return redirect("api_keys")
    try:
        made = rotate_key(key_uuid=key_uuid, overlap=form.overlap(), who=str(request.user), now=now())
    except Key.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("api_keys")
    return _page(request, KeyForm(), token=made.token, made=made.key)


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_POST
def end(request: Request, key_uuid: UUID) -> HttpResponse:
    """End a key at once."""
    try:
        end_key(key_uuid=key_uuid, who=str(request.user), now=now())
    except Key.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The key has been revoked. Nobody can use it any more."))
    return redirect("api_keys")


@never_cache
@permission_required(CHANGE_SETTINGS, raise_exception=True)
@require_safe
def key_figures(request: Request) -> HttpResponse:
    """Show what became of the calls of the last 24 hours, by key and address."""
    context = {"page_title": _("Calls of the last 24 hours"), "header_icon": "key", "figures": figures(now=real_now())}
    return render(request, "console/keys/figures.html", context)


class KeysMenuItem(MenuItem):
    """A menu item for those who may change the partner's settings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may make keys."""
        return request.user.has_perm(CHANGE_SETTINGS)


def menu_item() -> MenuItem:
    """Return the entry of the settings menu."""
    return KeysMenuItem(gettext_lazy("API keys"), reverse("api_keys"), icon_name="key", order=20)


def _page(request: Request, form: KeyForm, *, status: HTTPStatus = HTTPStatus.OK, **made: Any) -> HttpResponse:
    moment = now()
    context = {
        "page_title": _("API keys"),
        "header_icon": "key",
        "form": form,
        "rotate_form": RotateForm(label_suffix=""),
        "running": running_keys(now=moment),
        "over": latest_over_keys(now=moment),
        "is_on": has_feature(request.tenant, Feature.API),
        "address": tenant_url(request.tenant, "/api/v1/"),
    }
    return render(request, "console/keys/keys.html", context | made, status=status)


urlpatterns = [
    path("api-keys/", key_list, name="api_keys"),
    path("api-keys/figures/", key_figures, name="api_figures"),
    path("api-keys/<uuid:key_uuid>/rotate/", rotate, name="api_key_rotate"),
    path("api-keys/<uuid:key_uuid>/end/", end, name="api_key_end"),
]
