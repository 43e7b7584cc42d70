"""The partner's brand and clock, as mails need them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from kernel.wording.german import written_for
from notifications.mail import Sender
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id
from tenants.settings.contacts import contact_for

PLATFORM_COLOUR = "#0a5c5c"


@contextmanager
def inside(tenant_id: int | None) -> Iterator[Tenant]:
    """Work inside the partner's schema, in its time zone.

    Raises LookupError for a message that is no partner's.
    """
    if tenant_id is None:
        raise LookupError("This message belongs to no partner.")
    with tenant_context(tenant_by_id(tenant_id)) as tenant, timezone.override(tenant.time_zone):
        yield tenant


@contextmanager
def speaking(language: str, country: str = "") -> Iterator[None]:
    """Make words in the recipient's language, as their country writes it; without one, as the partner's does."""
    with translation.override(language), written_for(country):
        yield


def partner_sender(tenant: Tenant) -> Sender:
    """Return the partner as sender; mails leave from the platform's address and answers go to the partner."""
    return Sender(
        name=tenant.sender_name or tenant.name,
        email=parseaddr(settings.PLATFORM_SENDER)[1],
        reply_to=tenant.reply_to or tenant.email,
        colour=tenant.brand_colour,
        foot=_("This is a demo; the company is invented.") if tenant.is_demo else tenant.legal_name,
        logo=_png_of(tenant.logo),
    )


def customer_sender(tenant: Tenant, *, country: str) -> Sender:
    """Return the partner as sender to a customer: their country's contact, its legal pages in their language."""
    contact = contact_for(tenant, order=country)
    return replace(
        partner_sender(tenant),
        reply_to=tenant.reply_to or contact.email,
        phone=contact.phone,
        address=contact.address,
        links=import_string(settings.LEGAL_LINKS)(),
    )


def platform_sender(*, settings_url: str = "") -> Sender:
    """Return the platform as sender, for friends; ``settings_url`` is where they choose which mails come."""
    name, email = parseaddr(settings.PLATFORM_SENDER)
    return Sender(
        name=name,
        email=email,
        reply_to="",
        colour=PLATFORM_COLOUR,
        foot="",
        logo=_png_of("quartett/app/icon-192.png"),
        settings_url=settings_url,
    )


def _png_of(logo: str) -> bytes:
    """Return a logo among the static files as a PNG: itself, or the picture of its name beside it; else nothing."""
    found = finders.find(str(Path(logo).with_suffix(".png"))) if logo else None
    return Path(found).read_bytes() if found else b""
