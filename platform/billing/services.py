"""Writes of payments and bills."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from billing.drawing import draw, write_for_machines
from billing.figures import Figures, figures_of, vat_mode_of
from billing.kinds import BillKind
from billing.methods import INVOICE, PaymentMethod, PaymentState, method_by_code
from billing.models import Bill, Payment
from billing.references import reference_of
from billing.selectors import read_drawing, standing_bill, wanted_kind
from kernel.wording.german import written_for
from kernel.wording.texts import pick
from orders.models import Extra, Order, Withdrawal
from orders.selectors import agreed_extras, ended_absent
from orders.states import EscalationState
from places.countries import country_by_code, vat_bp
from tenants.models import Tenant
from tenants.settings.sellers import Seller, SellerKind, seller_for

BUMP = """
    INSERT INTO billing_billseries (prefix, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (prefix, year) DO UPDATE SET last = billing_billseries.last + 1
    RETURNING id, last
"""


def secure_payment(*, order: Order, now: datetime) -> Payment:
    """Record how the order will be paid.

    Raises UnknownPaymentMethod.
    """
    method = method_by_code(order.payment_method)
    return Payment.objects.create(
        order=order,
        method=method.code,
        state=method.state_at_booking,
        amount_minor=order.due_minor,
        currency=order.currency,
        created_at=now,
    )


def settle_on_site(*, order: Order, now: datetime) -> bool:
    """Record that the customer has paid the friend, and say so; other ways to pay are not touched."""
    due = Payment.objects.filter(order=order, state=PaymentState.DUE_ON_SITE)
    return bool(due.update(state=PaymentState.PAID, paid_at=now))


def note_card_paid(*, order: Order, now: datetime) -> None:
    """Record that the customer has paid by card, as Stripe says: now the database lets the order be released."""
    Payment.objects.filter(order=order, state=PaymentState.WAITING).update(state=PaymentState.PAID, paid_at=now)


def note_more_paid(*, order: Order, amount_minor: int, now: datetime) -> None:
    """Record that the customer has paid so much more by card, in minor units."""
    paid = Payment.objects.filter(order=order, state=PaymentState.PAID)
    paid.update(amount_minor=F("amount_minor") + amount_minor, paid_at=now)


def note_refund(*, order: Order, amount_minor: int) -> None:
    """Record that so much more, in minor units, goes back to the customer."""
    paid = Payment.objects.filter(order=order, state=PaymentState.PAID)
    paid.update(refund_minor=F("refund_minor") + amount_minor, refunded_at=None)


def pay_instead(*, order: Order, method: PaymentMethod) -> None:
    """Let an order be paid another way; what was paid by card goes back."""
    Payment.objects.filter(order=order).update(
        method=method.code,
        state=method.state_at_booking,
        amount_minor=order.due_minor,
        paid_at=None,
        refund_minor=0,
        refunded_at=None,
    )


def note_refunded(*, order_uuid: UUID, now: datetime) -> None:
    """Record that all that goes back to the customer is on its way."""
    going = Payment.objects.filter(order__uuid=order_uuid, refund_minor__gt=0, refunded_at=None)
    going.update(refunded_at=now)


def note_invoiced(*, order: Order, now: datetime) -> bool:
    """Record that an invoice asks for what the customer has not paid on site; say no where nothing is to be asked."""
    due = Payment.objects.filter(order=order, state=PaymentState.DUE_ON_SITE, invoiced_at=None)
    return bool(due.update(invoiced_at=now))


def note_invoice_paid(*, order: Order, now: datetime) -> None:
    """Record that all of an invoice has come in on the bank account."""
    asked_for = Q(state=PaymentState.TO_INVOICE) | Q(state=PaymentState.DUE_ON_SITE, invoiced_at__isnull=False)
    Payment.objects.filter(asked_for, order=order).update(state=PaymentState.PAID, paid_at=now)


def note_refund_failed(*, order_uuid: UUID) -> None:
    """Record that not all that goes back to the customer is on its way after all."""
    Payment.objects.filter(order__uuid=order_uuid, refund_minor__gt=0).update(refunded_at=None)


def reprice_payment(*, order: Order, method: PaymentMethod | None = None) -> None:
    """Bring what the customer owes up to what the order costs them, and on another way to pay; what is paid stays."""
    changes: dict[str, object] = {"amount_minor": order.due_minor}
    if method is not None:
        changes |= {"method": method.code, "state": method.state_at_booking}
    Payment.objects.filter(order=order).exclude(state=PaymentState.PAID).update(**changes)


@transaction.atomic
def keep_bills(*, order: Order, tenant: Tenant, now: datetime) -> list[Bill]:
    """Issue the bill that the order should have now, and take back by a credit note one that holds no more.

    Returns what was issued; nothing where all is as it should be, so it can be asked after every move. Call it in the
    transaction of what causes the bill, as late as possible: the series stays locked until its end.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    kind, standing = wanted_kind(order), standing_bill(order)
    if standing and (standing.kind, standing.lines, standing.gross_minor) == (kind, *_lines(order, standing)):
        return []
    issued = [_take_back(standing, now)] if standing else []
    return [*issued, _issue(order, kind, tenant, now)] if kind else issued


@transaction.atomic
def keep_drawing(bill: Bill) -> bytes:
    """Return the bill's PDF; the first time it is drawn and kept, with its file for machines. Run inside the tenant.

    Both are kept with their hashes, or neither. Raises UnableToDraw where this machine lacks what drawing needs.
    """
    kept = ["pdf", "pdf_sha256", "xml", "xml_sha256"]
    Bill.objects.select_for_update().get(pk=bill.pk)
    bill.refresh_from_db(fields=kept)
    if bill.pdf:
        return read_drawing(bill)
    content, for_machines = draw(bill), write_for_machines(bill)
    bill.pdf.name, bill.pdf_sha256 = _kept(f"bills/{bill.uuid}.pdf", content)
    if for_machines:
        bill.xml.name, bill.xml_sha256 = _kept(f"bills/{bill.uuid}.xml", for_machines)
    bill.save(update_fields=kept)
    return content


def _kept(name: str, content: bytes) -> tuple[str, str]:
    """Write a file and return its name and hash. A first try may have died between the file and its row."""
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(content)), hashlib.sha256(content).hexdigest()


def _issue(order: Order, kind: BillKind, tenant: Tenant, now: datetime) -> Bill:
    seller, payment = seller_for(tenant, order.country), Payment.objects.get(order=order)
    zone = ZoneInfo(country_by_code(order.country).time_zone)
    today = now.astimezone(zone).date()
    supplied = (order.done_at or now).astimezone(zone).date()
    mode = vat_mode_of(seller, order.vat_id)
    rate = vat_bp(order.country, supplied)
    figures = figures_of(order.due_minor, currency=order.currency, vat_bp=rate, mode=mode)
    is_invoice = kind == BillKind.INVOICE
    return _write(
        order=order,
        kind=kind,
        prefix=_prefix(tenant, seller, order.country),
        tenant_id=tenant.pk,
        issued_at=now,
        issued_on=today,
        supplied_on=supplied,
        due_on=today + timedelta(days=seller.days) if is_invoice else None,
        paid_on=None if is_invoice or payment.paid_at is None else payment.paid_at.astimezone(zone).date(),
        method=INVOICE.code if is_invoice else payment.method,
        seller=asdict(seller),
        buyer=_buyer(order),
        language=order.language,
        country=order.country,
        currency=order.currency,
        lines=_priced(order, figures),
        vat_mode=mode,
        **asdict(figures),
    )


def _buyer(order: Order) -> dict[str, str]:
    """Return who buys, as the bill keeps it: with what a company has said of itself, where one has booked."""
    parts = ["name", "street", "postal_code", "town", "country"]
    if order.company:
        parts += ["company", "vat_id", "leitweg_id"]
    return {part: getattr(order, part) for part in parts}


def _take_back(bill: Bill, now: datetime) -> Bill:
    """Issue the credit note of a bill: the same figures, in the same series."""
    zone = ZoneInfo(country_by_code(bill.country).time_zone)
    copied = ("supplied_on", "method", "seller", "buyer", "language", "country", "currency", "lines", "vat_mode")
    figures = ("vat_bp", "net_minor", "vat_minor", "gross_minor")
    return _write(
        order=bill.order,
        kind=BillKind.CREDIT_NOTE,
        prefix=bill.series.prefix,
        tenant_id=0,
        cancels=bill,
        issued_at=now,
        issued_on=now.astimezone(zone).date(),
        **{name: getattr(bill, name) for name in (*copied, *figures)},
    )


def _write(*, prefix: str, issued_on: date, tenant_id: int, **fields: Any) -> Bill:
    """Write a bill under the next number of its series, which is free again where the transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(BUMP, [prefix, issued_on.year])
        series_id, place = cursor.fetchone()
    is_paid_later = fields["kind"] == BillKind.INVOICE
    return Bill.objects.create(
        series_id=series_id,
        place=place,
        number=f"{prefix}-{issued_on.year}-{place:05}",
        issued_on=issued_on,
        reference=reference_of(fields["seller"]["iban"], tenant_id, series_id, place) if is_paid_later else "",
        **fields,
    )


def _prefix(tenant: Tenant, seller: Seller, country: str) -> str:
    """Return what begins a seller's numbers. Short names are one partner's alone, so no two sellers share numbers."""
    own = f"{tenant.slug.upper()}-{country}"
    return f"Q-{own}" if seller.kind == SellerKind.PLATFORM else own


def _lines(order: Order, bill: Bill) -> tuple[list[dict[str, Any]], int]:
    """Return lines and sum that the order's bill should have, in the VAT of the one that stands."""
    figures = figures_of(order.due_minor, currency=order.currency, vat_bp=bill.vat_bp, mode=bill.vat_mode)
    return _priced(order, figures), figures.gross_minor


def _priced(order: Order, figures: Figures) -> list[dict[str, Any]]:
    """Return what was sold line by line: the package, each agreed change of its price, what is not owed of it."""
    lines: list[dict[str, Any]] = [
        {"text": _changed_by(one, order), "gross_minor": one.change_minor} for one in _agreed(order)
    ]
    borne = min(order.partner_pays_minor, order.covered_minor)
    if borne:
        lines.append({"text": _borne(order), "gross_minor": -borne})
    if order.partner_pays_minor > borne:
        lines.append({"text": _not_owed(order), "gross_minor": borne - order.partner_pays_minor})
    rest = figures.gross_minor - sum(line["gross_minor"] for line in lines)
    return [{"text": _text(order), "gross_minor": rest}, *lines]


def _borne(order: Order) -> str:
    """Say what takes off what the customer owes from the booking on."""
    with translation.override(order.language), written_for(order.country):
        return _("Voucher %(code)s") % {"code": order.voucher_code} if order.voucher_code else _("Paid by the brand")


def _not_owed(order: Order) -> str:
    with translation.override(order.language), written_for(order.country):
        return _("Not owed after your withdrawal")


def _agreed(order: Order) -> list[Extra]:
    """Return the changes of the price that the bill shows: none where it is about a fee or a diagnosis."""
    escalation = getattr(order, "escalation", None)
    is_whole = not order.cancellation_fee_minor and (escalation is None or escalation.state != EscalationState.DECLINED)
    return agreed_extras(order) if is_whole else []


def _changed_by(extra: Extra, order: Order) -> str:
    """Say what the customer has agreed to on site, in their language."""
    with translation.override(order.language), written_for(order.country):
        package = pick(extra.package_name, order.language)
        return _("Agreed on site: %(what)s") % {"what": package or extra.words}


def _text(order: Order) -> str:
    """Say what was sold, in the customer's language as their country writes it."""
    escalation = getattr(order, "escalation", None)
    with translation.override(order.language), written_for(order.country):
        package = pick(order.package_name, order.language)
        if order.cancellation_fee_minor and Withdrawal.objects.filter(order=order).exists():
            return _("Work until the withdrawal: %(package)s") % {"package": package}
        if order.cancellation_fee_minor and ended_absent(order):
            return _("Fee for an absence: %(package)s") % {"package": package}
        if order.cancellation_fee_minor:
            return _("Cancellation fee: %(package)s") % {"package": package}
        if escalation is None or escalation.state != EscalationState.DECLINED:
            return package
        return _("Diagnosis: %(package)s") % {"package": package}
