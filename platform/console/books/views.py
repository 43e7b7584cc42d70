"""The partner's own accounts in the platform's books: what they hold, and their statements (R19)."""

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from console.permissions import VIEW_ORDERS
from journeys.reads.partner_books import own_account, own_accounts, own_statement
from kernel.clock import now
from ledger.models import Account
from tenants.requests import Request

ON_A_PAGE = 50


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def account_list(request: Request) -> HttpResponse:
    """Show what the partner's accounts hold."""
    context = {"page_title": _("Your accounts"), "header_icon": "clipboard-list", "rows": own_accounts(request.tenant)}
    return render(request, "console/books/accounts.html", context)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def account(request: Request, account_id: UUID) -> HttpResponse:
    """Show an account's statement of the present year; an account of others is not there."""
    year = timezone.localdate(now()).year
    days = {"since": date(year, 1, 1), "until": date(year, 12, 31)}
    try:
        found, count = own_account(request.tenant, account_id, **days)
    except Account.DoesNotExist as error:
        raise Http404 from error
    page = Paginator(range(count), ON_A_PAGE).get_page(request.GET.get("p"))
    shown = own_statement(request.tenant, found, **days, offset=max(page.start_index() - 1, 0), limit=ON_A_PAGE)
    context = {
        "page_title": f"{found.get_kind_display()} · {found.currency}",
        "header_icon": "clipboard-list",
        "account": found,
        "since": days["since"],
        "opening": found.sign * shown.opening_minor,
        "rows": [(row.entry, found.sign * row.balance_minor) for row in shown.rows],
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/books/account.html", context)


class BooksMenuItem(MenuItem):
    """A menu item for those who look after the partner's affairs."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may see the accounts."""
        return request.user.has_perm(VIEW_ORDERS)


def menu_item() -> MenuItem:
    """Return the entry of the reports menu."""
    return BooksMenuItem(gettext_lazy("Your accounts"), reverse("own_accounts"), icon_name="clipboard-list", order=880)


urlpatterns = [
    path("reports/accounts/", account_list, name="own_accounts"),
    path("reports/accounts/<uuid:account_id>/", account, name="own_account"),
]
