"""Mails to community managers about operators' support access (R3)."""

from django.utils.translation import gettext as _

from accounts.selectors import managers
from journeys.links import support_accesses_url
from journeys.topics import ToManagers
from kernel.wording.dates import write_moment
from notices.brands import inside, partner_sender, speaking
from notifications.mail import Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import SupportAccess, Tenant
from tenants.selectors import support_accesses


def _tell_granted(message: Message) -> None:
    """Send the words to all managers of the partner, each in their language."""
    with inside(message.tenant_id) as tenant:
        access = support_accesses(tenant).get(pk=message.reference["access"])
        url = support_accesses_url(tenant)
        for manager in managers():
            with speaking(manager.language):
                send_mail(
                    mail=_granted(access, tenant, url),
                    sender=partner_sender(tenant),
                    recipient=manager.email,
                    language=manager.language,
                    key=message.key,
                )


def _granted(access: SupportAccess, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Support access to %(partner)s") % {"partner": tenant.name},
        heading=_("An operator may enter your admin for a limited time"),
        paragraphs=[
            _("You see every access with its reason in your admin, and you can end it there at any moment."),
        ],
        button=_("See the support access"),
        url=url,
        facts=[
            (_("Operator"), access.operator_name),
            (_("Reason"), access.reason),
            (_("From"), write_moment(access.granted_at)),
            (_("Until"), write_moment(access.ends_at)),
        ],
    )


SUPPORT_NOTICES: dict[str, Handler] = {ToManagers.SUPPORT_GRANTED: _tell_granted}
