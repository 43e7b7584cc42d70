"""Somebody signs up for a partner's newsletter: noted with proof, and a mail to confirm it (R1). Run in the tenant."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journeys.posting import tell
from journeys.topics import ToCustomer
from newsletters.states import Source
from newsletters.subscribers import sign_up
from tenants.models import Tenant

# What people read beside the form; it is kept with their consent.
PROMISE = _(
    "Yes, please send me the newsletter of %(brand)s by email, with news about products, packages and events. I can "
    "unsubscribe at any time, with one click in every issue."
)


def promise(tenant: Tenant) -> str:
    """Return what somebody agrees to, in the language of the moment."""
    return str(PROMISE) % {"brand": tenant.name}


@transaction.atomic
def subscribe(
    *, tenant: Tenant, email: str, language: str, words: str, source: Source, address: str, now: datetime
) -> None:
    """Note the sign-up and mail the link that confirms it; within an hour the same address gets no other mail.

    ``words`` is what they have agreed to.

    Whoever is on the list gets a mail that says so. The caller learns nothing of it: whether an address is on the list
    is nobody else's business.
    """
    subscriber, is_mail_due = sign_up(
        email=email, language=language, words=words, source=source, address=address, now=now
    )
    if is_mail_due:
        once = str(int(now.timestamp()))
        tell(
            ToCustomer.NEWSLETTER_ASKED,
            subscriber.uuid,
            once,
            tenant_id=tenant.pk,
            now=now,
            subscriber=str(subscriber.uuid),
        )
