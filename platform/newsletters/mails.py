"""One mail of an issue, as it goes to a mail server: with its text part, its ways out, and signed (RFC 8058)."""

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from email.utils import formataddr
from typing import Any
from uuid import UUID

from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import escape

from newsletters.models import Content
from notifications.held_back import hold_back
from notifications.kinds import Channel
from notifications.mail import MailMessage
from outbox.errors import UnableToReach
from tenants.context import sandbox_at_hand

# What stands in an issue's words for the recipient's own links; nothing resolves below ``.invalid`` (RFC 2606).
LEAVE, CHOICES, LETTER = "https://leave.invalid/", "https://choices.invalid/", "https://letter.invalid/"
PERMANENT = 500
# What begins a mail server's answer: a code, an enhanced status (RFC 3463), or both.
_ANSWER = re.compile(r"\s*(\d{3}\b)?[ -]*(\d\.\d{1,3}\.\d{1,3}\b)?")
# An address is none, where no status says more; a status that says nothing; and those of the sender's address.
GONE, UNTOLD, OF_SENDER = ("550", "551", "553"), "5.0.0", ("5.1.7", "5.1.8")
# How a mail says what it looks like where its reader's screen is dark.
WHEN_DARK = "@media (prefers-color-scheme: dark)"

# Of a whole mail the value of its DKIM-Signature.
Signer = Callable[[bytes], str]


@dataclass(frozen=True)
class Sender:
    """Whose newsletter it is. ``bounces`` is where what comes back goes, with a place for the mail's own name."""

    name: str
    email: str
    reply_to: str
    list_id: str
    bounces: str = ""
    signer: Signer | None = None


@dataclass(frozen=True)
class Links:
    """The addresses of one recipient: to leave at once, to choose, and to read the issue on the site."""

    leave: str
    choices: str
    letter: str


class NotTaken(Exception):
    """A mail server refused a mail: for good where ``is_final``, because the address is none where ``is_address``."""

    def __init__(self, said: str, *, is_final: bool, is_address: bool) -> None:
        super().__init__(said)
        self.said, self.is_final, self.is_address = said, is_final, is_address


class SignedMessage(MailMessage):
    """A mail with a DKIM signature over all that stands in it, the ways out included."""

    signer: Signer | None = None

    def message(self) -> Any:
        """Return the mail, signed where the sender has a key."""
        made: Message = super().message()
        if self.signer is not None:
            made.add_header("DKIM-Signature", self.signer(made.as_bytes(linesep="\r\n")))  # type: ignore[call-arg]
        return made


def make_mail(
    *, content: Content, sender: Sender, recipient: str, links: Links, name: str, is_test: bool = False
) -> SignedMessage:
    """Return a mail of an issue. ``name`` is its own in this installation, by which it is known when it comes back.

    A mail of a test has no ways out: they would be somebody's.
    """
    host = sender.email.rpartition("@")[2]
    headers = {
        "From": formataddr((sender.name, sender.email)),
        "Message-ID": f"<{name}@{host}>",
        "Content-Language": content.language,
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "List-ID": f"<{sender.list_id}>",
    }
    if not is_test:
        headers |= {"List-Unsubscribe": f"<{links.leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = SignedMessage(
        subject=content.subject,
        body=_for_recipient(content.text, links, str),
        from_email=sender.bounces.format(name=name) or headers["From"],
        to=[recipient],
        reply_to=[sender.reply_to] if sender.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(_for_recipient(content.html, links, escape), "text/html")
    message.signer = sender.signer
    return message


def hand_over(message: SignedMessage, connection: BaseEmailBackend) -> None:
    """Give a mail to the mail server; what a sandbox would send goes to nobody.

    Raises NotTaken where it refuses this one, and UnableToReach where it is away.
    """
    sandbox_id = sandbox_at_hand()
    if sandbox_id is not None:
        hold_back(
            sandbox_id=sandbox_id,
            channel=Channel.MAIL,
            recipient=message.to[0],
            subject=str(message.subject),
            text=str(message.body),
        )
        return
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        answer = _said(code, said)
        raise NotTaken(answer, is_final=code >= PERMANENT, is_address=is_gone(answer)) from error
    except smtplib.SMTPResponseException as error:
        if isinstance(error, smtplib.SMTPConnectError):
            raise UnableToReach(f"mail server: {error}") from error
        answer = _said(error.smtp_code, error.smtp_error)
        raise NotTaken(answer, is_final=error.smtp_code >= PERMANENT, is_address=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise UnableToReach(f"mail server: {type(error).__name__}: {error}") from error


def is_gone(answer: str) -> bool:
    """Say whether a mail server's answer means that there is no such address, and not that it refuses us."""
    found = _ANSWER.match(answer)
    code, status = found.groups() if found else ("", "")
    if status and status != UNTOLD:
        return status.startswith("5.1.") and status not in OF_SENDER
    return code in GONE


def seen_in_the_dark(html: str) -> str:
    """Return a mail as readers see it whose screens are dark, for looking at it by day."""
    return html.replace(WHEN_DARK, "@media all")


def seen_by_day(html: str) -> str:
    """Return a mail as readers see it whose screens are bright, for looking at it in the dark."""
    return html.replace(WHEN_DARK, "@media not all")


def name_of(mail_uuid: UUID, tenant_id: int) -> str:
    """Return a mail's own name in this installation, for its Message-ID and the address where it comes back to."""
    return f"n{tenant_id}.{mail_uuid.hex}"


def read_name(name: str) -> tuple[int, UUID]:
    """Return the partner and the mail of a name.

    Raises ValueError where it is none.
    """
    tenant_id, dot, mail_uuid = name.removeprefix("n").partition(".")
    if not (name.startswith("n") and dot):
        raise ValueError(name)
    return int(tenant_id), UUID(hex=mail_uuid)


def _for_recipient(words: str, links: Links, write: Callable[[str], str]) -> str:
    for mark, link in ((LEAVE, links.leave), (CHOICES, links.choices), (LETTER, links.letter)):
        words = words.replace(mark, write(link))
    return words


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
