"""Mails: one layout for all, in HTML and text, with the sender's brand. Words come from whoever sends."""

import hashlib
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import Message
from email.mime.image import MIMEImage
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from notifications.held_back import hold_back
from notifications.kinds import Channel
from outbox.errors import UnableToReach
from tenants.context import sandbox_at_hand
from tenants.settings.theming import readable, text_on

WHITE = "#ffffff"
LOGO = "logo"


@dataclass(frozen=True)
class Sender:
    """Whose mail it is: name, address, reply address, brand colour, the line at its foot, its logo and legal pages.

    ``phone`` and ``address`` are how to reach them otherwise. ``logo`` is a PNG, for mail programs show no SVG;
    ``links`` are (title, address) pairs. ``settings_url`` is where the recipient chooses which mails come.
    """

    name: str
    email: str
    reply_to: str
    colour: str
    foot: str
    phone: str = ""
    address: str = ""
    logo: bytes = b""
    links: Sequence[tuple[str, str]] = ()
    settings_url: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that comes with a mail."""

    name: str
    content_type: str
    content: bytes


def calendar_entry(content: bytes) -> list[Attachment]:
    """Return a calendar file as what a mail carries, and nothing where there is none."""
    return [Attachment("appointment.ics", "text/calendar", content)] if content else []


@dataclass(frozen=True)
class Mail:
    """The words of a mail, in the recipient's language. ``facts`` are (name, value) pairs.

    ``subject`` and ``short`` are all that a push and the inbox show: they stand on a locked screen, so neither may hold
    anything of a customer.
    """

    subject: str
    heading: str
    paragraphs: Sequence[str]
    button: str = ""
    url: str = ""
    facts: Sequence[tuple[str, str]] = ()
    attachments: Sequence[Attachment] = ()
    short: str = ""


class MailMessage(EmailMultiAlternatives):
    """A mail whose subject begins where it should."""

    def message(self) -> Any:
        """Return the mail, its subject folded with room for the word Subject.

        Django folds it without; then the whole subject slips to the second line, and mail programs show a space first.
        """
        made: Message = super().message()
        del made["Subject"]
        subject = Header(str(self.subject), "utf-8" if not str(self.subject).isascii() else None, header_name="Subject")
        Message.__setitem__(made, "Subject", subject.encode())
        return made


def send_mail(*, mail: Mail, sender: Sender, recipient: str, language: str, key: str) -> None:
    """Send a mail as HTML and text; what a sandbox would send goes to nobody.

    ``key`` names the occasion: the Message-ID is made of it, so that a mail server which gets the same mail twice can
    tell. Raises UnableToReach where the mail server is away, and SMTPException where it refuses the mail.
    """
    context = {
        "mail": mail,
        "sender": sender,
        "language": language,
        "surface": sender.colour,
        "on_surface": text_on(sender.colour),
        "ink": readable(sender.colour, (WHITE,), darker=True),
    }
    with translation.override(language):
        text = render_to_string("notifications/mail.txt", context)
        sandbox_id = sandbox_at_hand()
        if sandbox_id is not None:
            hold_back(sandbox_id=sandbox_id, channel=Channel.MAIL, recipient=recipient, subject=mail.subject, text=text)
            return
        html = render_to_string("notifications/mail.html", context)
    message = MailMessage(
        subject=mail.subject,
        body=text,
        from_email=formataddr((sender.name, sender.email)),
        to=[recipient],
        reply_to=[sender.reply_to] if sender.reply_to else None,
        headers={
            "Message-ID": f"<{hashlib.sha256(f'{key}:{recipient}'.encode()).hexdigest()[:32]}@quartett>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    message.attach_alternative(html, "text/html")
    for file in mail.attachments:
        message.attach(file.name, file.content, file.content_type)
    if sender.logo:
        message.attach(_logo(sender.logo))
    try:
        message.send()
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise UnableToReach(f"mail server: {error}") from error
    except smtplib.SMTPException:
        raise
    except OSError as error:
        raise UnableToReach(f"mail server: {type(error).__name__}: {error}") from error


def _logo(content: bytes) -> MIMEImage:
    """Return the picture that the mail's head shows; it comes with the mail, so nothing is loaded from anywhere."""
    image = MIMEImage(content, "png")
    image.add_header("Content-ID", f"<{LOGO}>")
    image.add_header("Content-Disposition", "inline", filename=f"{LOGO}.png")
    return image
