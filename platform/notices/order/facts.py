"""The facts of an order in a mail to its customer: what was ordered, how it is paid, what goes back."""

from django.utils.translation import gettext as _

from billing.methods import BY_PARTNER, PaymentState, method_by_code
from kernel.money import format_money
from kernel.slots import Part
from kernel.wording.dates import write_day
from kernel.wording.texts import pick
from orders.models import Order
from tenants.context import current_tenant


def facts_of(order: Order) -> list[tuple[str, str]]:
    """Return the names and values that a mail about the whole order lists."""
    windows = "\n".join(
        f"{write_day(window.day, 'short_day')}, {Part(window.part).label}" for window in order.windows.all()
    )
    price = format_money(order.price_minor, order.currency, language=order.language, country=order.country)
    return [
        (_("Order number"), order.number or ""),
        (_("Package"), pick(order.package_name, order.language)),
        (_("Price with VAT"), price),
        *covered_facts(order),
        (_("Payment"), payment_words(order)),
        *([(_("Company"), order.company)] if order.company else []),
        (_("Place"), f"{order.street}\n{order.postal_code} {order.town}"),
        (_("Preferred times"), windows),
    ]


def payment_words(order: Order) -> str:
    """Say how the order is paid, and that it is where that is so."""
    method = method_by_code(order.payment_method)
    if method == BY_PARTNER:
        return _paid_by(order)
    is_paid = method.is_by_provider and order.payment.state == PaymentState.PAID
    return str(method.paid if is_paid else method.label)


def covered_facts(order: Order) -> list[tuple[str, str]]:
    """Say what of the price the customer does not pay, and what is left for them; nothing where they pay all of it."""
    if not order.covered_minor:
        return []
    borne, due = (
        format_money(minor, order.currency, language=order.language, country=order.country)
        for minor in (order.borne_minor, order.due_minor)
    )
    what = _("Voucher %(code)s") % {"code": order.voucher_code} if order.voucher_code else _paid_by(order)
    return [(what, f"− {borne}"), (_("You pay"), due)]


def _paid_by(order: Order) -> str:
    if order.voucher_code:
        return _("Paid with the voucher %(code)s") % {"code": order.voucher_code}
    tenant = current_tenant()
    return _("Paid by %(brand)s") % {"brand": tenant.name if tenant else ""}


def refund_words(order: Order) -> list[str]:
    """Say what goes back to the customer, as a paragraph of its own; nothing where nothing does."""
    payment = order.payment
    if not payment.refund_minor:
        return []
    amount = format_money(payment.refund_minor, payment.currency, language=order.language, country=order.country)
    return [
        _("We are refunding %(amount)s the way you paid. Depending on your bank, this takes five to ten days.")
        % {"amount": amount}
    ]
