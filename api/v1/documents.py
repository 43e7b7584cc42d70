"""Documents of an order: invoices, receipts and credit notes, as PDF and for machines."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import Money
from api.v1.order_views import READ, WRITE, order_of
from api.views import FileView, View
from billing.kinds import BillKind
from billing.models import Bill
from billing.selectors import bill_with_xml, bills_of, drawn_bill, read_drawing, read_for_machines
from kernel.web.serving import pdf_response, xml_response
from orders.models import Order


class DocumentOut(serializers.Serializer):
    """A document. ``pdf_url`` is null for the moments until it is drawn, ``xml_url`` where it is no e-invoice.

    Both files hold the customer's name and address, so only keys with the scope orders:write can read them.
    """

    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=BillKind.values)
    cancels = serializers.CharField(allow_null=True, help_text="The number that a credit note takes back.")
    issued_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    paid_on = serializers.DateField(allow_null=True)
    gross = Money()
    vat = Money()
    pdf_url = serializers.CharField(allow_null=True)
    xml_url = serializers.CharField(allow_null=True)


class DocumentList(serializers.Serializer):
    """The documents of an order, the oldest first."""

    results = DocumentOut(many=True)


class Documents(View):
    """The documents of an order."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="list_documents", responses=DocumentList)
    def get(self, request: Request, order_id: UUID) -> Response:
        """List an order's invoices, receipts and credit notes, the oldest first."""
        return Response({"results": [_document_out(bill, order_id, request) for bill in bills_of(order_of(order_id))]})


class DocumentPdf(FileView):
    """A document as PDF."""

    scopes = {"GET": WRITE}

    @extend_schema(operation_id="read_document_pdf", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, order_id: UUID, document_uuid: UUID) -> Any:
        """Read a document as PDF, which needs orders:write: it holds the customer's name and address."""
        bill = _bill(drawn_bill, order_id, document_uuid)
        return pdf_response(read_drawing(bill), name=bill.number)


class DocumentXml(FileView):
    """A document for machines."""

    scopes = {"GET": WRITE}

    @extend_schema(operation_id="read_document_xml", responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, order_id: UUID, document_uuid: UUID) -> Any:
        """Read a document as XML (XRechnung, or FA(3) in Poland), which needs orders:write, as the PDF does."""
        bill = _bill(bill_with_xml, order_id, document_uuid)
        return xml_response(read_for_machines(bill), name=bill.number)


def _bill(find: Callable[[Order, UUID], Bill], order_id: UUID, document_uuid: UUID) -> Bill:
    try:
        return find(order_of(order_id), document_uuid)
    except Bill.DoesNotExist as error:
        raise NothingThere from error


def _document_out(bill: Bill, order_id: UUID, request: Request) -> dict[str, Any]:
    def url(name: str) -> str:
        return request.build_absolute_uri(reverse(f"api:{name}", args=[order_id, bill.uuid]))

    body = {
        "id": bill.uuid,
        "number": bill.number,
        "kind": bill.kind,
        "cancels": bill.cancels.number if bill.cancels else None,
        "issued_on": bill.issued_on,
        "due_on": bill.due_on,
        "paid_on": bill.paid_on,
        "gross": {"amount_minor": bill.gross_minor, "currency": bill.currency},
        "vat": {"amount_minor": bill.vat_minor, "currency": bill.currency},
        "pdf_url": url("document_pdf") if bill.pdf else None,
        "xml_url": url("document_xml") if bill.xml else None,
    }
    return dict(DocumentOut(body).data)
