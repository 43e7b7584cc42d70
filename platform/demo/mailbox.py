"""Reading the mails that the demo's mail catcher has kept as files."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

NEWEST = 200


@dataclass(frozen=True)
class Mail:
    """A mail as its reader sees it."""

    name: str
    sender: str
    recipient: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str
    attachments: list[str]
    message_id: str


def newest_mails(folder: Path) -> list[Mail]:
    """Return the newest 200 mails, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files[:NEWEST]]


def mails_since(folder: Path, moment: datetime) -> list[Mail]:
    """Return all mails that came at a moment or later, oldest first."""
    files = [file for file in folder.glob("*.eml") if file.stat().st_mtime >= moment.timestamp()]
    return [_read(file) for file in sorted(files)]


def mail_by_name(folder: Path, name: str) -> Mail | None:
    """Return one mail by its file's name, or None; a name never leads out of the folder."""
    file = folder / Path(name).name
    return _read(file) if file.suffix == ".eml" and file.is_file() else None


# A file never changes, and who waits for a mail looks at all of them several times a second.
@lru_cache(maxsize=2 * NEWEST)
def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Mail(
        name=file.name,
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]).strip(),
        sent_at=_moment(str(message["Date"])) if message["Date"] else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
        message_id=str(message["Message-ID"]),
    )


def _moment(raw: str) -> datetime:
    """Return the date of a mail; "-0000" is UTC of an unknown place, which Python reads as naive."""
    sent_at = parsedate_to_datetime(raw)
    return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part is not None else ""
