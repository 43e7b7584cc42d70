"""Photos that a partner's system has sent: kept until they are used, each of them once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from orders.errors import AttachmentUnknown, TooManyAttachments
from orders.models import Attachment, BookingDraft, DraftPhoto
from orders.models.attachments import KEPT_FOR
from tenants.context import on_commit_in_this_schema

MOST_WAITING = 500


def keep_attachment(*, content: bytes, now: datetime) -> Attachment:
    """Keep a photo, already re-encoded as JPEG, for a day.

    Raises TooManyAttachments where about ``MOST_WAITING`` wait for their use already.
    """
    if Attachment.objects.filter(created_at__gt=now - KEPT_FOR).count() >= MOST_WAITING:
        raise TooManyAttachments
    attachment = Attachment(created_at=now)
    attachment.image.save(f"{uuid4()}.jpg", ContentFile(content), save=False)
    attachment.save()
    return attachment


def use_in_draft(*, draft: BookingDraft, photos: Mapping[str, str]) -> list[str]:
    """Let attachments answer questions of a draft, by key; return the keys whose attachment is not there."""
    missing = []
    for key, written in photos.items():
        try:
            attachment = _locked(written)
        except AttachmentUnknown:
            missing.append(key)
            continue
        DraftPhoto.objects.create(draft=draft, question_key=key, image=attachment.image.name)
        attachment.delete()
    return missing


def use_attachment(written: str | UUID | None) -> bytes:
    """Return the JPEG of an attachment, which is gone once the caller's transaction is over; of none nothing.

    Raises AttachmentUnknown.
    """
    if not written:
        return b""
    attachment = _locked(written)
    with attachment.image.open("rb") as opened:
        content = bytes(opened.read())
    image = attachment.image
    attachment.delete()
    on_commit_in_this_schema(lambda: image.storage.delete(image.name))
    return content


@transaction.atomic
def forget_attachments(*, now: datetime) -> int:
    """Delete the photos that nobody has used for a day and return how many."""
    old = list(Attachment.objects.select_for_update(skip_locked=True).filter(created_at__lt=now - KEPT_FOR))
    for attachment in old:
        attachment.image.delete(save=False)
        attachment.delete()
    return len(old)


def _locked(written: str | UUID) -> Attachment:
    try:
        wanted = UUID(str(written))
    except ValueError as error:
        raise AttachmentUnknown from error
    attachment = Attachment.objects.select_for_update().filter(uuid=wanted).first()
    if attachment is None:
        raise AttachmentUnknown
    return attachment
