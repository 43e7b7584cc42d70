"""Mails about documents of friends that wait for somebody to look at them, to managers and to operators (R9, R10)."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import managers
from crowd.documents import waiting_documents
from crowd.states import DocumentKind
from journeys.links import document_desk_url, documents_url
from journeys.topics import ToManagers, ToOperators
from notices.brands import inside, partner_sender, speaking
from notices.channels import to_operators
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


def _to_operator(message: Message, language: str) -> Mail | None:
    """Return the words to an operator, unless it is decided."""
    return _document_waits(message.reference["kind"], document_desk_url(language)) if _waits(message) else None


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
    ToOperators.DOCUMENT_WAITS: to_operators(_to_operator),
}
