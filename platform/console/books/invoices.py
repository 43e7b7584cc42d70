"""The platform's monthly invoices over what the partner pays for its customers, with their PDF (R19)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from console.books.views import ON_A_PAGE, BooksMenuItem
from console.permissions import VIEW_ORDERS
from dues.models import PartnerInvoice
from journeys.reads.partner_books import own_invoice, own_invoices, own_invoices_count
from kernel.clock import now
from kernel.files.pdf import UnableToDraw
from kernel.web.serving import pdf_response
from tenants.requests import Request


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def invoice_list(request: Request) -> HttpResponse:
    """List the invoices, first those that were reminded of as often as it goes, then the latest."""
    page = Paginator(range(own_invoices_count(request.tenant)), ON_A_PAGE).get_page(request.GET.get("p"))
    today = timezone.localdate(now())
    first = max(page.start_index() - 1, 0)
    context = {
        "page_title": _("Your invoices"),
        "header_icon": "doc-full-inverse",
        "invoices": own_invoices(request.tenant, today=today, offset=first, limit=ON_A_PAGE),
        "today": today,
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/books/invoices.html", context)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def invoice(request: Request, invoice_id: UUID) -> HttpResponse:
    """Give an invoice as PDF; one of others is not there."""
    try:
        found, content = own_invoice(request.tenant, invoice_id)
    except PartnerInvoice.DoesNotExist as error:
        raise Http404 from error
    except UnableToDraw as error:
        messages.error(request, str(error))
        return redirect("own_invoices")
    return pdf_response(content, name=found.number)


def menu_item() -> MenuItem:
    """Return the entry of the reports menu."""
    return BooksMenuItem(
        gettext_lazy("Your invoices"), reverse("own_invoices"), icon_name="doc-full-inverse", order=875
    )


urlpatterns = [
    path("reports/invoices/", invoice_list, name="own_invoices"),
    path("reports/invoices/<uuid:invoice_id>/", invoice, name="own_invoice"),
]
