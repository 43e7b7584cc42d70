"""What a new partner does before the first order, and the choice of the packages that it offers (R4, R5)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from catalog.models import Package, Price
from catalog.selectors import all_packages
from catalog.services import offer_packages
from console.permissions import CHANGE_PACKAGES
from journeys.friend.enter_community import has_members
from orders.models import Order
from orders.selectors import orders_for_desk
from tenants.context import current_tenant
from tenants.models import Feature, Tenant
from tenants.requests import Request
from tenants.selectors import has_feature


@dataclass(frozen=True)
class Step:
    """Something to do: what, why, where, and whether it is done."""

    title: str
    why: str
    url: str
    is_done: bool


class FirstSteps(Component):
    """The steps, until the first order comes."""

    order = 5
    template_name = "console/start/first_steps.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the steps, and how many of them are done."""
        tenant = current_tenant()
        steps = _steps(tenant) if tenant else []
        return {"steps": steps, "done": sum(step.is_done for step in steps)}


def panels() -> list[Component]:
    """Return the steps where no order has come yet."""
    return [] if orders_for_desk().exists() else [FirstSteps()]


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_packages(request: Request) -> HttpResponse:
    """Choose which packages can be booked; one without a price where the partner works cannot."""
    rows = [(package, _price_here(package, request.tenant)) for package in all_packages()]
    if request.method == "POST":
        chosen = {int(typed) for typed in request.POST.getlist("package") if typed.isdecimal()}
        count = offer_packages(chosen=chosen, among=[package.pk for package, price in rows if price])
        said = ngettext("%(count)d package can be booked.", "%(count)d packages can be booked.", count)
        messages.success(request, said % {"count": count})
        return redirect("wagtailadmin_home")
    context = {"page_title": _("Which packages do you offer?"), "header_icon": "tag", "rows": rows}
    return render(request, "console/start/choose_packages.html", context)


def _price_here(package: Package, tenant: Tenant) -> Price | None:
    return next((price for price in package.prices.all() if price.country in tenant.countries), None)


def _steps(tenant: Tenant) -> list[Step]:
    steps = [
        Step(
            _("Choose the packages that you offer"),
            _("They wait closed, with prices to begin with. Nothing can be booked before."),
            reverse("choose_packages"),
            Package.objects.filter(is_open=True).exists(),
        ),
        Step(
            _("Say who you are"),
            _("Legal name, contact and colours appear on every page and in every email."),
            reverse("partner_settings"),
            bool(tenant.legal_name and tenant.email),
        ),
        Step(
            _("Write your imprint and your privacy page"),
            _("They begin with a draft that names your company; your lawyer should read them."),
            reverse("wagtailadmin_explore_root"),
            Page.objects.filter(slug="imprint", latest_revision__isnull=False).exists(),
        ),
    ]
    if has_feature(tenant, Feature.COMMUNITY):
        steps.append(
            Step(
                _("Win friends for your community"),
                _("Give neighbours this link: they sign up on it, and you check their proof of age."),
                reverse("memberhub:community"),
                has_members(tenant),
            )
        )
    steps.append(
        Step(
            _("Book a first order yourself"),
            _("So you see what your customers see. You can cancel it free of charge."),
            reverse("catalogue"),
            Order.objects.exists(),
        )
    )
    return steps


urlpatterns = [path("first-steps/packages/", choose_packages, name="choose_packages")]
