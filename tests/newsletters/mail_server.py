"""A real mail server for the tests, which refuses whom it is told to."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings

from embedded.processes import free_port


@dataclass
class MailServer:
    """What has come so far, and what is said to whom: ``refused`` by address."""

    got: list[tuple[str, str, bytes]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Take a recipient, or refuse one."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep the mail."""
        self.got.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 taken"

    def mails(self) -> dict[str, EmailMessage]:
        """Return the last mail to each recipient."""
        return {to: message_from_bytes(content, policy=policy.default) for _sender, to, content in self.got}

    def recipients(self) -> list[str]:
        """Return who got a mail, once for each mail."""
        return [to for _sender, to, _content in self.got]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve, and let mails go there."""
    # It says hello and good-bye to every mail.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=controller.port,
        ):
            yield server
    finally:
        controller.stop()
