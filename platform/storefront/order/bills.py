"""The customer takes their invoices, receipts and credit notes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.models import Bill
from billing.selectors import bill_with_xml, drawn_bill, read_drawing, read_for_machines
from kernel.web.serving import pdf_response, xml_response
from storefront.order.page import order_of
from tenants.requests import Request, served_while_closed


@served_while_closed
@never_cache
@require_safe
def bill(request: Request, token: str, bill_uuid: UUID) -> HttpResponse:
    """Give an invoice, receipt or credit note as PDF."""
    try:
        found = drawn_bill(order_of(request, token), bill_uuid)
    except Bill.DoesNotExist as error:
        raise Http404 from error
    return pdf_response(read_drawing(found), name=found.number)


@served_while_closed
@never_cache
@require_safe
def bill_for_machines(request: Request, token: str, bill_uuid: UUID) -> HttpResponse:
    """Give an invoice, receipt or credit note of a company as XML."""
    try:
        found = bill_with_xml(order_of(request, token), bill_uuid)
    except Bill.DoesNotExist as error:
        raise Http404 from error
    return xml_response(read_for_machines(found), name=found.number)
