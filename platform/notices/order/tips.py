"""What is told about a tip: the customer's receipt, and the friend's good news."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.drawing import draw_tip_receipt
from journeys.topics import ToCustomer, ToFriend
from kernel.files.pdf import UnableToDraw
from kernel.money import format_money
from kernel.wording.dates import Place, write_moment
from notices.order.friends import About, friend_notice
from notices.order.to_customer import customer_notice
from notifications.mail import Attachment, Mail
from orders.models import Appointment, Order
from outbox.services import Handler
from tenants.models import Tenant


def _receipt(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    tip = order.tip
    amount = format_money(tip.amount_minor, order.currency, language=order.language, country=order.country)
    said = {"friend": order.friend_name, "amount": amount}
    return Mail(
        subject=_("Your tip for %(friend)s: %(amount)s") % said,
        heading=_("Thank you for your tip"),
        paragraphs=[_("%(friend)s gets all of it, without any commission. The receipt is attached.") % said],
        button=_("See your order"),
        url=url,
        facts=[
            (_("Tip"), amount),
            (_("Payment"), _("Paid by card")),
            (_("Received"), write_moment(tip.paid_at, place=Place.ALONE)),
            (_("VAT"), _("None: a tip is a voluntary gift to the person")),
            (_("Order number"), order.number or ""),
        ],
        attachments=_attached(order),
    )


def _attached(order: Order) -> list[Attachment]:
    """Return the receipt as PDF; none where this machine draws no papers, for the mail says it all."""
    try:
        return [Attachment(f"{order.number}-tip.pdf", "application/pdf", draw_tip_receipt(order))]
    except UnableToDraw:
        return []


def _given(about: About) -> Mail:
    assert about.order is not None, "whoever did the work has the order"
    tip = about.order.tip
    said = {"amount": about.money(tip.amount_minor), "package": about.package, "town": about.job.town}
    return Mail(
        subject=pgettext("friend", "A tip for you: %(amount)s") % said,
        heading=pgettext("friend", "A tip for you: %(amount)s") % said,
        paragraphs=[
            pgettext("friend", "For %(package)s in %(town)s, given in cash. It is all yours; we only note it.") % said
            if tip.is_cash
            else pgettext("friend", "For %(package)s in %(town)s. It is all yours, without commission.") % said
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


TIP_NOTICES: dict[str, Handler] = {
    ToCustomer.TIP_PAID: customer_notice(_receipt),
    ToFriend.TIP_GIVEN: friend_notice(_given, holds=lambda about: about.order is not None),
}
