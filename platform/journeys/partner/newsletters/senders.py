"""In whose name a partner's newsletter goes out. Run inside the tenant."""

from email.utils import parseaddr

from django.conf import settings

from newsletters.mails import Sender
from newsletters.signing import signer_with
from tenants.models import Tenant


def sender_of(tenant: Tenant) -> Sender:
    """Return the partner as sender; mails leave from the platform's address and answers go to the partner."""
    email = parseaddr(settings.PLATFORM_SENDER)[1]
    host = email.rpartition("@")[2]
    return Sender(
        name=tenant.sender_name or tenant.name,
        email=email,
        reply_to=tenant.reply_to or tenant.email,
        list_id=f"newsletter.{tenant.slug}.{host}",
        bounces=settings.BOUNCES,
        signer=signer_with(settings.DKIM_KEY, domain=host, selector=settings.DKIM_SELECTOR),
    )
