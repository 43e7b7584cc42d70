"""Voucher campaigns: what managers make, how often each code was used, and the codes as a file (R8)."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem

from catalog.errors import CodeTaken, CodeUnreadable
from catalog.models import Campaign, Package
from catalog.vouchers import campaigns, codes_of, create_campaign, resume_campaign, stop_campaign
from console.permissions import CHANGE_PACKAGES
from console.skills.views import PackagesMenuItem
from console.vouchers.forms import CampaignForm
from kernel.clock import now
from kernel.files.spreadsheets import csv_file
from places.countries import country_by_code
from tenants.requests import Request
from tenants.settings.commissions import day_of

A_PAGE = 50


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_safe
def campaign_list(request: Request) -> HttpResponse:
    """List the campaigns, newest first."""
    page = Paginator(campaigns(), A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Vouchers"),
        "header_icon": "tag",
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/vouchers/campaigns.html", context)


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request: Request) -> HttpResponse:
    """Make a campaign with its codes."""
    form = CampaignForm(
        request.POST if request.method == "POST" else None,
        currencies=sorted({country_by_code(code).currency for code in request.tenant.countries}),
        packages=Package.objects.order_by("sort_order", "pk"),
        today=day_of(request.tenant, now()),
    )
    if form.is_bound and form.is_valid():
        try:
            made = create_campaign(**form.values(), who=str(request.user), now=now())
        except (CodeTaken, CodeUnreadable) as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("The vouchers have been created."))
            return redirect("voucher_campaign", made.pk)
    context = {"page_title": _("New vouchers"), "header_icon": "tag", "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "console/vouchers/new.html", context, status=status)


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_safe
def campaign(request: Request, campaign_id: int) -> HttpResponse:
    """Show a campaign with its codes."""
    found = _found(campaign_id)
    page = Paginator(codes_of(found), A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": found.name,
        "header_icon": "tag",
        "campaign": found,
        "packages": list(found.packages.all()),
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/vouchers/campaign.html", context)


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_safe
def campaign_as_csv(request: Request, campaign_id: int) -> HttpResponse:
    """Give a campaign's codes as a file, whole."""
    found = _found(campaign_id)
    lines = [("code", "uses", "used"), *((one.code, one.uses or "", one.used) for one in codes_of(found))]
    return csv_file(f"vouchers-{found.pk}", lines, on=day_of(request.tenant, now()))


@never_cache
@permission_required(CHANGE_PACKAGES, raise_exception=True)
@require_POST
def stop(request: Request, campaign_id: int) -> HttpResponse:
    """Stop a campaign, or let it go on."""
    found = _found(campaign_id)
    if "resume" in request.POST:
        resume_campaign(campaign=found)
        messages.success(request, _("The vouchers are valid again."))
    else:
        stop_campaign(campaign=found, now=now())
        messages.success(request, _("The vouchers have been stopped. Orders that have one keep it."))
    return redirect("voucher_campaign", found.pk)


def menu_item() -> MenuItem:
    """Return the menu's entry of the vouchers."""
    return PackagesMenuItem(gettext_lazy("Vouchers"), reverse("voucher_campaigns"), icon_name="tag", order=111)


def _found(campaign_id: int) -> Campaign:
    try:
        return campaigns().get(pk=campaign_id)
    except Campaign.DoesNotExist as error:
        raise Http404 from error


urlpatterns = [
    path("vouchers/", campaign_list, name="voucher_campaigns"),
    path("vouchers/new/", new_campaign, name="new_vouchers"),
    path("vouchers/<int:campaign_id>/", campaign, name="voucher_campaign"),
    path("vouchers/<int:campaign_id>/csv/", campaign_as_csv, name="voucher_campaign_csv"),
    path("vouchers/<int:campaign_id>/stop/", stop, name="stop_vouchers"),
]
