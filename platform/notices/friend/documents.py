"""Mails about documents of friends that wait for somebody to look at them, to managers and to operators (R9, R10)."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import managers, operators
from crowd.documents import waiting_documents
from crowd.states import DocumentKind
from journeys.links import document_desk_url, documents_url
from journeys.topics import ToManagers, ToOperators
from notices.brands import inside, partner_sender, platform_sender, speaking
from notifications.mail import Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.context import platform_context


def _tell_managers(message: Message) -> None:
    """Send the words to all managers of the partner whose community the friend joined, unless it is decided."""
    if not _waits(message):
        return
    with inside(message.tenant_id) as tenant:
        for manager in managers():
            with speaking(manager.language):
                send_mail(
                    mail=_document_waits(DocumentKind.IDENTITY, documents_url(tenant)),
                    sender=partner_sender(tenant),
                    recipient=manager.email,
                    language=manager.language,
                    key=message.key,
                )


def _tell_operators(message: Message) -> None:
    """Send the words to all operators, unless it is decided."""
    if not _waits(message):
        return
    for operator in operators():
        with speaking(operator.language):
            send_mail(
                mail=_document_waits(message.reference["kind"], document_desk_url(operator.language)),
                sender=platform_sender(),
                recipient=operator.email,
                language=operator.language,
                key=message.key,
            )


def _waits(message: Message) -> bool:
    with platform_context():
        return waiting_documents().filter(pk=UUID(message.reference["check"])).exists()


def _document_waits(kind: str, url: str) -> Mail:
    """Return the words, without the friend's name: a document is read in the admin and nowhere else."""
    is_age = kind == DocumentKind.IDENTITY
    about = _("It is to prove the age.") if is_age else _("It is to prove the insurance of a pro.")
    return Mail(
        subject=_("A friend's document waits for you"),
        heading=_("A friend has sent a document"),
        paragraphs=[about, _("Friends are promised an answer within three days.")],
        button=_("Look at the documents"),
        url=url,
    )


DOCUMENT_NOTICES: dict[str, Handler] = {
    ToManagers.DOCUMENT_WAITS: _tell_managers,
    ToOperators.DOCUMENT_WAITS: _tell_operators,
}
