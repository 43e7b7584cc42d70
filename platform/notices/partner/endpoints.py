"""Mails to a partner's managers about its own systems: an endpoint takes nothing any more and is paused."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import managers
from developers.models import Endpoint
from developers.webhooks import deliveries_of
from journeys.links import endpoint_url
from journeys.topics import ToManagers
from kernel.wording.dates import write_moment
from notices.brands import inside, partner_sender, speaking
from notifications.mail import Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant


def _tell_paused(message: Message) -> None:
    """Send the words to all managers of the partner, each in their language."""
    with inside(message.tenant_id) as tenant:
        endpoint = Endpoint.objects.filter(uuid=UUID(message.reference["endpoint"]), ended_at=None).first()
        if endpoint is None or endpoint.paused_at is None:
            return
        since = datetime.fromisoformat(message.reference["since"])
        for manager in managers():
            with speaking(manager.language):
                send_mail(
                    mail=_paused(endpoint, tenant, since),
                    sender=partner_sender(tenant),
                    recipient=manager.email,
                    language=manager.language,
                    key=message.key,
                )


def _paused(endpoint: Endpoint, tenant: Tenant, since: datetime) -> Mail:
    latest = deliveries_of(endpoint).first()
    answer = str(latest.status) if latest and latest.status else _("No answer")
    return Mail(
        subject=_("Your system no longer accepts our messages"),
        heading=_("An endpoint has been paused"),
        paragraphs=[
            _(
                "We tried for three days to notify your own system of changes to orders, and it accepted nothing. "
                "We send nothing there until somebody resumes the endpoint."
            ),
            _("Nothing is lost: once your system works again, you can have everything sent that it has missed."),
        ],
        button=_("See the endpoint"),
        url=endpoint_url(tenant, endpoint.uuid),
        facts=[
            (_("Endpoint"), urlsplit(endpoint.url).hostname or ""),
            (_("Nothing accepted since"), write_moment(since)),
            (_("Last answer"), answer),
        ],
    )


ENDPOINT_NOTICES: dict[str, Handler] = {ToManagers.ENDPOINT_PAUSED: _tell_paused}
