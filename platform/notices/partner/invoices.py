"""The monthly invoice to a partner and its reminders, by mail to those managers who see its money, with its PDF."""

from collections.abc import Callable
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.selectors import managers
from dues.drawing import how_to_pay
from dues.models import PartnerInvoice
from dues.selectors import invoice_by_id, last_reminder
from dues.services import keep_drawing
from journeys.links import own_invoices_url
from journeys.topics import ToManagers
from kernel.money import format_money
from kernel.wording.dates import Place, write_day
from notices.brands import inside, partner_sender, speaking
from notices.reminders import reminder_words
from notifications.mail import Attachment, Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.context import platform_context

# Who sees the partner's orders sees its money.
SEES_MONEY = "orders.view_order"


def _billed(message: Message) -> None:
    """Send a new invoice."""
    invoice, content = _invoice(message)

    def words(url: str, language: str) -> Mail:
        month = date_format(invoice.month, "YEAR_MONTH_FORMAT")
        return Mail(
            subject=_("Your invoice %(number)s for %(month)s") % {"number": invoice.number, "month": month},
            heading=_("Your invoice for %(month)s") % {"month": month},
            paragraphs=[
                _("the invoice for what you pay for your customers is attached. It lists every job."),
                _("Please pay %(by_day)s, with the reference that is on it.")
                % {"by_day": write_day(invoice.due_on, "calendar_day", Place.BY)},
            ],
            button=_("See all invoices"),
            url=url,
            facts=[
                (_("Invoice number"), invoice.number),
                (_("Jobs"), str(len(invoice.lines))),
                (_("Total"), format_money(invoice.gross_minor, invoice.currency, language=language)),
            ],
            attachments=[_attached(invoice, content)],
        )

    _tell_managers(message, words)


def _reminded(message: Message) -> None:
    """Remind of an invoice, which comes along once more; nothing where it is paid meanwhile."""
    invoice, content = _invoice(message)
    with platform_context():
        reminder = last_reminder(invoice)
    step, is_last = message.reference["step"], bool(message.reference["is_last"])
    if invoice.paid_at or reminder is None or reminder.step != step:
        return
    part = how_to_pay(invoice)

    def words(url: str, language: str) -> Mail:
        said = reminder_words(
            number=invoice.number, sender=invoice.issuer["name"], pay_by=reminder.pay_by, step=step, is_last=is_last
        )
        return Mail(
            subject=said.subject,
            heading=said.heading,
            paragraphs=[*said.paragraphs],
            button=_("See all invoices"),
            url=url,
            facts=[
                (_("Invoice"), invoice.number),
                (_("Amount"), format_money(invoice.gross_minor, invoice.currency, language=language)),
                (_("Still owed"), format_money(invoice.left_minor, invoice.currency, language=language)),
                *([("IBAN", part.iban), (_("Reference"), part.reference)] if part else []),
            ],
            attachments=[_attached(invoice, content)],
        )

    _tell_managers(message, words)


def _invoice(message: Message) -> tuple[PartnerInvoice, bytes]:
    with platform_context():
        invoice = invoice_by_id(UUID(message.reference["invoice"]), tenant_id=message.tenant_id)
        return invoice, keep_drawing(invoice.pk)


def _attached(invoice: PartnerInvoice, content: bytes) -> Attachment:
    return Attachment(f"{invoice.number}.pdf", "application/pdf", content)


def _tell_managers(message: Message, words: Callable[[str, str], Mail]) -> None:
    """Send the words to the managers who may see orders and money, each in their language."""
    with inside(message.tenant_id) as tenant:
        url = own_invoices_url(tenant)
        for manager in managers():
            if not manager.has_perm(SEES_MONEY):
                continue
            with speaking(manager.language):
                send_mail(
                    mail=words(url, manager.language),
                    sender=partner_sender(tenant),
                    recipient=manager.email,
                    language=manager.language,
                    key=message.key,
                )


PARTNER_INVOICE_NOTICES: dict[str, Handler] = {
    ToManagers.PARTNER_BILLED: _billed,
    ToManagers.PARTNER_REMINDED: _reminded,
}
