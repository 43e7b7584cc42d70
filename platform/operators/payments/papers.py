"""Operators open the invoices, receipts and credit notes of an order."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from billing.models import Bill
from journeys.money.keeping.papers import open_paper, papers_of
from kernel.clock import now
from kernel.web.serving import pdf_response, xml_response
from operators.access import OperatorRequest, operator_required
from orders.models import Order
from tenants.models import Tenant

NOT_THERE = (Tenant.DoesNotExist, Order.DoesNotExist, Bill.DoesNotExist)


@operator_required
@require_safe
def papers(request: OperatorRequest, tenant_id: int, order_id: UUID) -> HttpResponse:
    """List an order's papers, and who has opened them."""
    try:
        found = papers_of(tenant_id, order_id)
    except NOT_THERE as error:
        raise Http404 from error
    return render(request, "operators/payments/papers.html", {"section": "payments", "part": "papers", "papers": found})


@operator_required
@require_POST
def paper(request: OperatorRequest, tenant_id: int, order_id: UUID, bill_id: UUID) -> HttpResponse:
    """Give a paper as PDF."""
    number, content = _opened(request, tenant_id, order_id, bill_id, is_xml=False)
    return pdf_response(content, name=number)


@operator_required
@require_POST
def paper_for_machines(request: OperatorRequest, tenant_id: int, order_id: UUID, bill_id: UUID) -> HttpResponse:
    """Give a paper as XML, where there is one."""
    number, content = _opened(request, tenant_id, order_id, bill_id, is_xml=True)
    return xml_response(content, name=number)


def _opened(
    request: OperatorRequest, tenant_id: int, order_id: UUID, bill_id: UUID, *, is_xml: bool
) -> tuple[str, bytes]:
    try:
        return open_paper(tenant_id, order_id, bill_id, is_xml=is_xml, who=request.operator.email, now=now())
    except NOT_THERE as error:
        raise Http404 from error
