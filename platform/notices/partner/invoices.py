"""The monthly invoice to a partner, by mail to those managers who see its money, with its PDF."""

from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.selectors import managers
from dues.models import PartnerInvoice
from dues.selectors import invoice_by_id
from dues.services import keep_drawing
from journeys.links import own_invoices_url
from journeys.topics import ToManagers
from kernel.money import format_money
from kernel.wording.dates import Place, write_day
from notices.brands import inside, partner_sender, speaking
from notifications.mail import Attachment, Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.context import platform_context

# Who sees the partner's orders sees its money.
SEES_MONEY = "orders.view_order"


def _tell_managers(message: Message) -> None:
    """Send the words to the managers who may see orders and money, each in their language."""
    with platform_context():
        invoice = invoice_by_id(UUID(message.reference["invoice"]), tenant_id=message.tenant_id)
        content = keep_drawing(invoice.pk)
    with inside(message.tenant_id) as tenant:
        url = own_invoices_url(tenant)
        for manager in managers():
            if not manager.has_perm(SEES_MONEY):
                continue
            with speaking(manager.language):
                send_mail(
                    mail=_words(invoice, content, url, manager.language),
                    sender=partner_sender(tenant),
                    recipient=manager.email,
                    language=manager.language,
                    key=message.key,
                )


def _words(invoice: PartnerInvoice, content: bytes, url: str, language: str) -> Mail:
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
        attachments=[Attachment(f"{invoice.number}.pdf", "application/pdf", content)],
    )


PARTNER_INVOICE_NOTICES: dict[str, Handler] = {ToManagers.PARTNER_BILLED: _tell_managers}
