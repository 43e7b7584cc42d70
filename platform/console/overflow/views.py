"""What holds for a partner on overflow, and what crossed: read-only, for contracts are agreed with operators (R17)."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from console.permissions import VIEW_ORDERS
from dispatch.overflow.crossings import given_away
from journeys.partner.contracts import contracts_for, count_taken, side_names, taken_by, taker_name, volumes_of
from tenants.requests import Request

ON_A_PAGE = 50


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def overflow(request: Request) -> HttpResponse:
    """Show the contracts that hold for this partner and what crossed by them, in both directions."""
    given_page = Paginator(given_away(request.tenant.pk), ON_A_PAGE).get_page(request.GET.get("p"))
    taken_page = Paginator(range(count_taken(request.tenant)), ON_A_PAGE).get_page(request.GET.get("taken"))
    taken = taken_by(request.tenant, first=taken_page.start_index() - 1, most=ON_A_PAGE) if taken_page else []
    given_volumes, taken_volumes = volumes_of(request.tenant)
    takers = side_names({row.community for row in given_page if row.community})
    givers = side_names({row.contract.tenant_id for row in taken if row.contract.tenant_id})
    context = {
        "page_title": _("Overflow"),
        "header_icon": "arrow-right-full",
        "partner": request.tenant,
        "contracts": contracts_for(request.tenant),
        "given_volumes": given_volumes,
        "taken_volumes": taken_volumes,
        "given": [(row, taker_name(row.community, takers)) for row in given_page],
        "given_page": given_page,
        "given_range": given_page.paginator.get_elided_page_range(given_page.number),
        "taken": [(row, givers.get(row.contract.tenant_id or 0, "")) for row in taken],
        "taken_page": taken_page,
        "taken_range": taken_page.paginator.get_elided_page_range(taken_page.number),
    }
    return render(request, "console/overflow/overflow.html", context)


class OverflowMenuItem(MenuItem):
    """A menu item for those who look after the partner's affairs."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may see what crosses."""
        return request.user.has_perm(VIEW_ORDERS)


def menu_item() -> MenuItem:
    """Return the entry of the reports menu."""
    return OverflowMenuItem(gettext_lazy("Overflow"), reverse("overflow"), icon_name="arrow-right-full", order=890)


urlpatterns = [path("reports/overflow/", overflow, name="overflow")]
