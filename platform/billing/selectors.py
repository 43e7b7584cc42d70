"""Prices, commission, ways to pay, and the bills of orders."""

import hashlib
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models.fields.files import FieldFile

from billing.errors import DrawingChanged
from billing.kinds import BillKind
from billing.methods import INVOICE, METHODS, SITE_CARD, PaymentMethod, PaymentState
from billing.models import Bill, Payment
from billing.references import BillKey
from catalog.models import Package
from catalog.selectors import price_in
from kernel.money import Split
from orders.models import Order
from orders.states import ObjectionOutcome, OrderState
from places.countries import COUNTRIES, country_by_code, vat_bp
from stripe_gateway.kinds import Provider
from stripe_gateway.selectors import takes_cards, takes_cards_by
from tenants.models import Tenant
from tenants.settings.ways import ways_in


def quote(*, package: Package, country: str, commission_bp: int, on: date) -> Split:
    """Return the final price of a package in a country and how it is split, with the VAT of a day (R12).

    Raises NoPriceInCountry of the catalogue.
    """
    price = price_in(package, country)
    return Split(
        currency=price.currency,
        price_minor=price.amount_minor,
        commission_bp=commission_bp,
        vat_bp=vat_bp(country, on),
    )


def available_methods(tenant: Tenant, country: str) -> list[PaymentMethod]:
    """Return the ways to pay that a partner offers in a country; by card only where this installation takes cards."""
    offered = [METHODS[way] for way in ways_in(tenant, country)]
    return [method for method in offered if _is_there(method, tenant, country)]


def on_site_provider(tenant: Tenant, country: str) -> str:
    """Return who takes cards on site for a partner in a country; empty where nobody does. No query."""
    wanted = tenant.on_site_provider or settings.ON_SITE_PROVIDERS.get(country, "")
    among = [wanted] if wanted else [Provider.SUMUP, Provider.STRIPE]
    currency = country_by_code(country).currency if country in COUNTRIES else ""
    return next((one for one in among if one in Provider and takes_cards_by(one, currency)), "")


def _is_there(method: PaymentMethod, tenant: Tenant, country: str) -> bool:
    if method == SITE_CARD:
        return bool(on_site_provider(tenant, country))
    return tenant.is_sandbox or takes_cards() or not method.is_paid_first


def bills_of(order: Order) -> list[Bill]:
    """Return the bills of an order, oldest first."""
    return list(Bill.objects.filter(order=order).select_related("cancels").order_by("pk"))


def bill_by_uuid(bill_uuid: UUID | str) -> Bill:
    """Return a bill with what it takes back.

    Raises ``Bill.DoesNotExist``.
    """
    return Bill.objects.select_related("order", "cancels").get(uuid=bill_uuid)


def bill_of_reference(key: BillKey) -> Bill | None:
    """Return the invoice that a payment's reference means, with its order; None where this partner has none."""
    invoices = Bill.objects.filter(series=key.series_id, place=key.place).exclude(reference="")
    return invoices.select_related("order").first()


def invoice_by_number(number: str) -> Bill | None:
    """Return the invoice with a number, with its order; None where this partner has none."""
    return Bill.objects.filter(number=number, kind=BillKind.INVOICE).select_related("order").first()


def standing_bill(order: Order) -> Bill | None:
    """Return the order's invoice or receipt that no credit note has taken back."""
    return Bill.objects.filter(order=order, cancelled_by=None).exclude(kind=BillKind.CREDIT_NOTE).last()


def wanted_kind(order: Order) -> BillKind | None:
    """Return which bill the customer of an order should have now.

    An invoice comes once the work is confirmed, or later where what was to be paid on site has not been; a receipt once
    it is done and paid; neither where nothing is owed, or a manager has closed the case of an objection with a refund.
    A customer who has cancelled for a fee gets one or the other about it.
    """
    if not order.due_minor or order.objections.filter(outcome=ObjectionOutcome.REFUND).exists():
        return None
    payment, owes_fee = Payment.objects.get(order=order), order.cancellation_fee_minor > 0
    if payment.method == INVOICE.code or payment.invoiced_at is not None:
        return BillKind.INVOICE if owes_fee or order.state == OrderState.CONFIRMED else None
    is_done = owes_fee or order.state in {OrderState.DONE, OrderState.CONFIRMED}
    return BillKind.RECEIPT if is_done and payment.state == PaymentState.PAID else None


def drawn_bill(order: Order, bill_uuid: UUID) -> Bill:
    """Return a bill of the order whose PDF is there.

    Raises ``Bill.DoesNotExist``.
    """
    return Bill.objects.exclude(pdf="").get(order=order, uuid=bill_uuid)


def bill_with_xml(order: Order, bill_uuid: UUID) -> Bill:
    """Return a bill of the order that has a file for machines beside its PDF.

    Raises ``Bill.DoesNotExist``.
    """
    return Bill.objects.exclude(xml="").get(order=order, uuid=bill_uuid)


def read_drawing(bill: Bill) -> bytes:
    """Return the bill's PDF as it was drawn.

    Raises DrawingChanged where the file is not the one whose hash was kept.
    """
    return _read(bill, bill.pdf, bill.pdf_sha256)


def read_for_machines(bill: Bill) -> bytes:
    """Return the bill's file for machines as it was written; empty where it has none.

    Raises DrawingChanged where the file is not the one whose hash was kept.
    """
    return _read(bill, bill.xml, bill.xml_sha256) if bill.xml else b""


def _read(bill: Bill, kept: FieldFile, sha256: str) -> bytes:
    with kept.open() as file:
        content = bytes(file.read())
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DrawingChanged(bill.number)
    return content


def count_undrawn(order: Order) -> int:
    """Return how many bills of the order still wait for their PDF."""
    return Bill.objects.filter(order=order, pdf="").count()
