"""Bills to customers: drawn first and kept, then mailed, so that a mail server that is away costs no second drawing."""

from django.utils.translation import gettext as _

from billing.kinds import BillKind
from billing.models import Bill
from billing.selectors import bill_by_uuid
from billing.services import keep_drawing
from journeys.links import order_url
from journeys.posting import tell_customer
from journeys.topics import ToCustomer
from kernel.dates import Place, write_day
from kernel.money import format_money
from notices.brands import customer_sender, inside, speaking
from notifications.mail import Attachment, Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant


def draw_bill(message: Message) -> None:
    """Draw a bill and post its mail."""
    with inside(message.tenant_id) as tenant:
        bill = bill_by_uuid(message.reference["bill"])
        keep_drawing(bill)
        tell_customer(
            ToCustomer.BILL_DRAWN,
            tenant_id=tenant.pk,
            order_uuid=bill.order.uuid,
            now=message.created_at,
            once=str(bill.uuid),
            bill=str(bill.uuid),
        )


def mail_bill(message: Message) -> None:
    """Send a bill to its customer, the PDF with it."""
    with inside(message.tenant_id) as tenant:
        bill = bill_by_uuid(message.reference["bill"])
        content = keep_drawing(bill)
        with speaking(bill.language):
            mail = _words(bill, tenant, content)
            sender = customer_sender(tenant, country=bill.country)
    send_mail(mail=mail, sender=sender, recipient=bill.order.email, language=bill.language, key=message.key)


def _words(bill: Bill, tenant: Tenant, content: bytes) -> Mail:
    names = {"number": bill.number, "brand": tenant.name}
    hello = _("Hello %(name)s,") % {"name": bill.buyer["name"]}
    amount = format_money(bill.gross_minor, bill.currency, language=bill.language, country=bill.country)
    facts = [(_("Order number"), bill.order.number or ""), (_("Amount"), amount)]
    match bill.kind:
        case BillKind.INVOICE:
            subject, heading = _("Your invoice %(number)s from %(brand)s"), _("Your invoice")
            words = _("thank you for your order. The invoice is attached. Please pay it %(by_day)s.") % {
                "by_day": write_day(bill.due_on, "calendar_day", Place.BY)
            }
        case BillKind.RECEIPT:
            subject, heading = _("Your receipt %(number)s from %(brand)s"), _("Your receipt")
            words = _("thank you for your payment. The receipt is attached.")
        case _credit_note:
            subject, heading = _("Your credit note %(number)s from %(brand)s"), _("Your credit note")
            words = _("the attached credit note cancels %(number)s. What it says is no longer owed.") % {
                "number": bill.cancels.number if bill.cancels else ""
            }
    return Mail(
        subject=subject % names,
        heading=heading,
        paragraphs=[hello, words],
        button=_("See your order"),
        url=order_url(tenant, bill.order.uuid, bill.language),
        facts=facts,
        attachments=[Attachment(f"{bill.number}.pdf", "application/pdf", content)],
    )


BILL_NOTICES: dict[str, Handler] = {ToCustomer.BILL_ISSUED: draw_bill, ToCustomer.BILL_DRAWN: mail_bill}
