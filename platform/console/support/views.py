"""Operators' support access as the partner sees it: the list, the end of an access, the banner; and the way in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from console.middleware import SUPPORT_KEY
from console.permissions import VIEW_ORDERS
from journeys.links import ask_support_url
from journeys.partner.support_access import end_support, enter_support
from kernel.clock import now
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
from tenants.access.handover import begin_handover, take_pending
from tenants.context import current_tenant
from tenants.models import HandoverPurpose, SupportAccess
from tenants.requests import Request
from tenants.selectors import running_accesses, support_accesses

BACKEND = "django.contrib.auth.backends.ModelBackend"
ENTRIES_A_MINUTE = 20
MINUTE_S = 60
ON_A_PAGE = 50


@carries_secret
@limited(of="support-entry", most=ENTRIES_A_MINUTE, within_s=MINUTE_S)
@require_safe
def enter(request: Request) -> HttpResponse:
    """Begin an operator's hand-over: remember a state in this browser and send it to the platform."""
    state_hash = begin_handover(request.session, purpose=HandoverPurpose.SUPPORT)
    host = request.get_host().partition(":")[0]
    language = translation.get_language() or request.LANGUAGE_CODE
    return redirect(ask_support_url(host=host, state_hash=state_hash, language=language))


@carries_secret
@limited(of="support-arrival", most=ENTRIES_A_MINUTE, within_s=MINUTE_S)
@require_safe
def arrive(request: Request) -> HttpResponse:
    """Use the code up and sign the operator in, in a session that is bound to the access."""
    pending = take_pending(request.session, purpose=HandoverPurpose.SUPPORT)
    user, access = enter_support(
        code=request.GET.get("code", ""), state=pending.state, tenant=request.tenant, now=now()
    )
    login(request, user, backend=BACKEND)
    request.session[SUPPORT_KEY] = {"access": str(access.pk), "ends_at": access.ends_at.isoformat()}
    return redirect("wagtailadmin_home")


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def accesses(request: Request) -> HttpResponse:
    """List the accesses to this partner, newest first."""
    page = Paginator(support_accesses(request.tenant), ON_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Support access"),
        "header_icon": "key",
        "accesses": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "now": now(),
    }
    return render(request, "console/support/support.html", context)


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def end(request: Request, access_id: UUID) -> HttpResponse:
    """End a running access at once."""
    ended = end_support(access_id=access_id, tenant=request.tenant, who=str(request.user), now=now())
    if ended is None:
        messages.warning(request, _("This access had already ended."))
    else:
        messages.success(request, _("The access has ended. The operator is signed out."))
    return redirect("support_accesses")


class SupportBanner(Component):
    """Who of the operators may be in the admin at this moment."""

    order = 0
    template_name = "console/support/support_banner.html"

    def __init__(self, running: list[SupportAccess]) -> None:
        self.running = running

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the running accesses."""
        return {"running": self.running}


class SupportMenuItem(MenuItem):
    """A menu item for those who look after the partner's affairs."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may see the accesses."""
        return request.user.has_perm(VIEW_ORDERS)


def menu_item() -> MenuItem:
    """Return the entry of the reports menu."""
    return SupportMenuItem(gettext_lazy("Support access"), reverse("support_accesses"), icon_name="key", order=900)


def banners() -> list[Component]:
    """Return the banner where an operator may be in this partner's admin now."""
    tenant = current_tenant()
    running = list(running_accesses(tenant, now=now())) if tenant else []
    return [SupportBanner(running)] if running else []


urlpatterns = [
    path("reports/support/", accesses, name="support_accesses"),
    path("reports/support/<uuid:access_id>/end/", end, name="support_end"),
]
