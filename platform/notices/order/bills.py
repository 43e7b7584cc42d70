"""Bills to customers: drawn first and kept, then mailed, so that a mail server that is away costs no second drawing."""

from django.utils.translation import gettext as _

from billing.kinds import BillKind
from billing.models import Bill
from billing.payment_part import payment_part
from billing.selectors import bill_by_uuid, read_for_machines
from billing.services import keep_drawing
from journeys.links import order_url
from journeys.money.incoming.card import due_by_card
from journeys.money.incoming.claims import Reminded, reminded_of
from journeys.order.paying.bill_order import draw_bill
from journeys.topics import ToCustomer
from kernel.money import format_money
from kernel.wording.dates import Place, write_day
from notices.brands import customer_sender, inside, speaking
from notices.reminders import reminder_words
from notifications.mail import Attachment, Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant


def draw(message: Message) -> None:
    """Draw a bill, which lets its mail be posted."""
    with inside(message.tenant_id) as tenant:
        draw_bill(bill=bill_by_uuid(message.reference["bill"]), tenant=tenant, now=message.created_at)


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
    hello = _("Hello %(name)s,") % {"name": bill.order.name}
    amount = format_money(bill.gross_minor, bill.currency, language=bill.language, country=bill.country)
    facts = [(_("Order number"), bill.order.number or ""), (_("Amount"), amount)]
    match bill.kind:
        case BillKind.INVOICE:
            subject, heading = _("Your invoice %(number)s from %(brand)s"), _("Your invoice")
            days = {"by_day": write_day(bill.due_on, "calendar_day", Place.BY)}
            if bill.order.payment.invoiced_at:
                words = _(
                    "our friend has done the work, and nothing has been paid on site. The invoice is attached. Please "
                    "pay it %(by_day)s."
                )
            else:
                words = _("thank you for your order. The invoice is attached. Please pay it %(by_day)s.")
            words %= days
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
        **_way_on(bill, tenant),
        facts=facts,
        attachments=_files(bill, content),
    )


def _way_on(bill: Bill, tenant: Tenant) -> dict[str, str]:
    """Return the button of a mail: it leads to paying where the bill can be paid online."""
    url = order_url(tenant, bill.order.uuid, bill.language)
    if due_by_card(bill.order):
        return {"button": _("Pay now by card"), "url": f"{url}#payment"}
    return {"button": _("See your order"), "url": url}


def _files(bill: Bill, content: bytes) -> list[Attachment]:
    """Return what comes with a mail: the PDF, and the file for machines where there is one."""
    files = [Attachment(f"{bill.number}.pdf", "application/pdf", content)]
    if for_machines := read_for_machines(bill):
        files.append(Attachment(f"{bill.number}.xml", "application/xml", for_machines))
    return files


def remind(message: Message) -> None:
    """Remind a customer of an open invoice, which comes along once more; nothing where it is paid meanwhile."""
    with inside(message.tenant_id) as tenant:
        bill = bill_by_uuid(message.reference["bill"])
        reminded = reminded_of(bill.order, tenant)
        if reminded is None:
            return
        content = keep_drawing(bill)
        with speaking(bill.language):
            step, is_last = message.reference["step"], bool(message.reference["is_last"])
            mail = _reminder(bill, tenant, reminded, content, step=step, is_last=is_last)
            sender = customer_sender(tenant, country=bill.country)
    send_mail(mail=mail, sender=sender, recipient=bill.order.email, language=bill.language, key=message.key)


def _reminder(bill: Bill, tenant: Tenant, reminded: Reminded, content: bytes, *, step: int, is_last: bool) -> Mail:
    words = reminder_words(number=bill.number, sender=tenant.name, pay_by=reminded.pay_by, step=step, is_last=is_last)
    return Mail(
        subject=words.subject,
        heading=words.heading,
        paragraphs=[_("Hello %(name)s,") % {"name": bill.order.name}, *words.paragraphs],
        **_way_on(bill, tenant),
        facts=_owed(bill, reminded),
        attachments=_files(bill, content),
    )


def _owed(bill: Bill, reminded: Reminded) -> list[tuple[str, str]]:
    """Return what is owed and how it is paid, since the code on the invoice knows of no fee."""

    def amount(minor: int) -> str:
        return format_money(minor, bill.currency, language=bill.language, country=bill.country)

    facts = [(_("Invoice"), bill.number), (_("Amount"), amount(bill.gross_minor))]
    if reminded.fees_minor:
        facts.append((_("Fee for reminders"), amount(reminded.fees_minor)))
    facts.append((_("Still owed"), amount(reminded.left_minor)))
    part = payment_part(bill)
    if part is not None:
        facts += [("IBAN", part.iban), (_("Reference"), part.reference)]
    return facts


BILL_NOTICES: dict[str, Handler] = {
    ToCustomer.BILL_ISSUED: draw,
    ToCustomer.BILL_DRAWN: mail_bill,
    ToCustomer.INVOICE_REMINDER: remind,
}
