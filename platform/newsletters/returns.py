"""Mails that mail servers send back: reports that an address is no more (RFC 3464), and of spam (RFC 5965). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from uuid import UUID

from newsletters.mails import UNTOLD, is_gone, read_name

_NAME = re.compile(r"\bn\d+\.[0-9a-f]{32}\b")
# Where the name of the mail that came back may stand: in the address it came to, or in the mail itself.
_PARTS = ("message/rfc822", "text/rfc822-headers")


@dataclass(frozen=True)
class Returned:
    """Which mail of which partner came back, why, and whether its reader called it spam."""

    tenant_id: int
    mail_uuid: UUID
    is_complaint: bool
    said: str


def read_returned(content: bytes) -> Returned | None:
    """Return what a mail reports, or None where it is no report, names no mail of ours, or leaves the address."""
    report = message_from_bytes(content, policy=policy.default)
    kind = str(report.get_param("report-type", "")).lower() if report.get_content_type() == "multipart/report" else ""
    if kind == "feedback-report":
        said = "spam"
    elif kind == "delivery-status":
        said = _why_for_good(report)
    else:
        return None
    found = next((name for text in _texts(report) for name in _NAME.findall(text)), None)
    if found is None or not said:
        return None
    tenant_id, mail_uuid = read_name(found)
    return Returned(tenant_id, mail_uuid, is_complaint=kind == "feedback-report", said=said)


def _why_for_good(report: EmailMessage) -> str:
    """Return what is said of a recipient whose address is no more, or nothing."""
    for fields in _delivery_statuses(report):
        status, said = (str(fields.get(name, "")).strip() for name in ("Status", "Diagnostic-Code"))
        answer = said.partition(";")[2] if status.startswith(UNTOLD) else status
        if str(fields.get("Action", "")).strip().lower() == "failed" and is_gone(answer):
            return said or status
    return ""


def _delivery_statuses(report: EmailMessage) -> Iterator[Message]:
    for part in report.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            yield from (fields for fields in payload if isinstance(fields, Message))


def _texts(report: EmailMessage) -> Iterator[str]:
    yield from (str(value) for value in (report["To"], report["Delivered-To"], report["X-Original-To"]) if value)
    for part in report.walk():
        if part.get_content_type() in _PARTS:
            yield part.as_string()
