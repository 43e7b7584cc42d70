"""The addresses of a newsletter: confirm, leave at once, choose, and read an issue on the site. Run in the tenant.

Those of a mail and of a subscriber never expire: an old newsletter must still let its reader leave.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from newsletters.errors import LinkOfNobody
from newsletters.mails import Links
from newsletters.models import Mail, Subscriber
from tenants.access.tokens import sign, unsign
from tenants.models import Tenant
from tenants.selectors import tenant_url

CONFIRM, CHOICES, LEAVE = "newsletter-confirm", "newsletter-choices", "newsletter-leave"
CONFIRM_VALID_S = 7 * 24 * 3600
FOR_EVER_S = 100 * 365 * 24 * 3600


def confirm_url(tenant: Tenant, subscriber: Subscriber) -> str:
    """Return the absolute address where somebody confirms the sign-up, for seven days."""
    return _url(
        tenant_url(tenant, ""), "confirm_newsletter", subscriber.language, sign(str(subscriber.uuid), purpose=CONFIRM)
    )


def choices_url(tenant: Tenant, subscriber: Subscriber) -> str:
    """Return the absolute address where a subscriber chooses."""
    return _choices_url(tenant_url(tenant, ""), subscriber)


def links_of(site: str, mail: Mail) -> Links:
    """Return the addresses of one recipient of an issue, below the partner's ``site`` (no query).

    A friend's choices are on the page where they leave.
    """
    leave = _url(site, "leave_newsletter", mail.language, sign(str(mail.uuid), purpose=LEAVE))
    return Links(
        leave=leave,
        choices=_choices_url(site, mail.subscriber) if mail.subscriber else leave,
        letter=_url(site, "newsletter_issue", mail.language, mail.issue.uuid),
    )


def read_confirm_token(token: str) -> UUID:
    """Return the subscriber of a token.

    Raises LinkOfNobody, also where it is too old.
    """
    return _read(token, CONFIRM, CONFIRM_VALID_S)


def read_choices_token(token: str) -> UUID:
    """Return the subscriber of a token.

    Raises LinkOfNobody.
    """
    return _read(token, CHOICES, FOR_EVER_S)


def read_leave_token(token: str) -> UUID:
    """Return the mail of a token.

    Raises LinkOfNobody.
    """
    return _read(token, LEAVE, FOR_EVER_S)


def _read(token: str, purpose: str, max_age_s: int) -> UUID:
    try:
        return UUID(unsign(token, purpose=purpose, max_age_s=max_age_s))
    except (signing.BadSignature, ValueError) as error:
        raise LinkOfNobody from error


def _choices_url(site: str, subscriber: Subscriber) -> str:
    return _url(site, "newsletter_choices", subscriber.language, sign(str(subscriber.uuid), purpose=CHOICES))


def _url(site: str, name: str, language: str, *args: object) -> str:
    with translation.override(language):
        return site + reverse(f"storefront:{name}", settings.ROOT_URLCONF, args)
