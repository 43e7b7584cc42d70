"""Operators open a partner's papers; who took which, and when, is written down in the partner's schema. Platform."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing.models import Bill, BillDownload
from billing.selectors import bill_with_xml, bills_of, drawn_bill, read_drawing, read_for_machines
from billing.services import note_bill_download
from orders.models import Order
from orders.selectors import order_by_uuid
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id


@dataclass(frozen=True)
class Papers:
    """The papers of an order, oldest first, and which of them operators have opened, latest first."""

    order: Order
    partner: Tenant
    bills: list[Bill]
    downloads: list[BillDownload]


def papers_of(tenant_id: int, order_uuid: UUID) -> Papers:
    """Return the papers of a partner's order.

    Raises ``Tenant.DoesNotExist`` or ``Order.DoesNotExist``.
    """
    partner = tenant_by_id(tenant_id)
    with tenant_context(partner):
        order = order_by_uuid(order_uuid)
        taken = BillDownload.objects.filter(bill__order=order).select_related("bill").order_by("-at", "-pk")
        return Papers(order, partner, bills_of(order), list(taken))


def open_paper(
    tenant_id: int, order_uuid: UUID, bill_uuid: UUID, *, is_xml: bool, who: str, now: datetime
) -> tuple[str, bytes]:
    """Return a paper's number and its kept file, and write down who took it.

    Raises ``Tenant.DoesNotExist``, ``Order.DoesNotExist``, ``Bill.DoesNotExist``, also where there is no such file, or
    DrawingChanged.
    """
    with tenant_context(tenant_by_id(tenant_id)), transaction.atomic():
        order = order_by_uuid(order_uuid)
        bill = (bill_with_xml if is_xml else drawn_bill)(order, bill_uuid)
        content = (read_for_machines if is_xml else read_drawing)(bill)
        note_bill_download(bill=bill, is_xml=is_xml, who=who, now=now)
    return bill.number, content
