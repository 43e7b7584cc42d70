"""Documents that a person looks at: what is taken, where it lies, and that it is deleted with the decision (R9).

Run on the platform: the files lie in its folder, which no partner's storage can read.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from crowd.errors import (
    AgeIsChecked,
    AlreadyDecided,
    DocumentTooLarge,
    NoSuchDocument,
    NotADocument,
    PictureHasTooManyPixels,
    ReasonIsMissing,
)
from crowd.models import SHARED_CROWD, DocumentCheck, Friend, Membership
from crowd.states import CheckState, DocumentKind
from kernel.files.pictures import PictureTooLarge, UnreadablePicture, as_jpeg
from tenants.context import on_commit_in_this_schema

MOST_BYTES = 10 * 1024 * 1024
# Enough to read the small print of an identity card.
LONGEST_SIDE = 2600
FORMATS = ("JPEG", "PNG")
PDF_HEAD, PDF_END, PDF_TAIL_BYTES = b"%PDF-", b"%%EOF", 2048
LONGEST_REASON = 300
CONTENT_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class DocumentFile:
    """A file that is what it says: a PDF, or a picture that was made anew."""

    content: bytes
    extension: str

    @property
    def content_type(self) -> str:
        """The media type to serve it with."""
        return CONTENT_TYPES[self.extension]


def clean_document(upload: UploadedFile) -> DocumentFile:
    """Return the upload as a PDF or a JPEG; its content decides, not its name.

    Raises DocumentTooLarge or NotADocument.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise DocumentTooLarge
    content = upload.read()
    upload.seek(0)
    if content.startswith(PDF_HEAD) and PDF_END in content[-PDF_TAIL_BYTES:]:
        return DocumentFile(content, ".pdf")
    try:
        return DocumentFile(as_jpeg(upload, formats=FORMATS, longest_side=LONGEST_SIDE), ".jpg")  # type: ignore[arg-type]  # a file in all but name
    except PictureTooLarge as error:
        raise DocumentTooLarge(PictureHasTooManyPixels.message) from error
    except UnreadablePicture as error:
        raise NotADocument from error


def send_document(*, friend_id: UUID, kind: DocumentKind, file: DocumentFile, now: datetime) -> DocumentCheck:
    """Keep a document until somebody has decided about it; one of the kind that still waits is replaced.

    A proof of age goes to the managers of the community that the friend joined first, and to the operators; a proof of
    insurance to the operators alone. Raises AgeIsChecked.
    """
    check = DocumentCheck(friend_id=friend_id, kind=kind, sent_at=now)
    check.file.name = default_storage.save(f"documents/{check.pk}{file.extension}", ContentFile(file.content))
    try:
        with transaction.atomic():
            friend = Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
            if kind == DocumentKind.IDENTITY:
                if friend.age_checked_at:
                    raise AgeIsChecked
                check.community = _first_community(friend_id)
            for former in DocumentCheck.objects.filter(friend=friend, kind=kind, state=CheckState.WAITING):
                _delete_with_commit(former.file.name)
                former.delete()
            check.save(force_insert=True)
    except Exception:
        default_storage.delete(check.file.name)
        raise
    return check


@transaction.atomic
def approve_document(*, check_id: UUID, who: str, now: datetime, community: int | None = None) -> DocumentCheck:
    """Say that the document proves what it shall, and delete its file; ``community`` limits to what a partner may see.

    Raises NoSuchDocument or AlreadyDecided.
    """
    return _decide(check_id, CheckState.APPROVED, who=who, reason="", now=now, community=community)


@transaction.atomic
def refuse_document(
    *, check_id: UUID, who: str, reason: str, now: datetime, community: int | None = None
) -> DocumentCheck:
    """Say why the document does not do, and delete its file; the friend may send another.

    Raises ReasonIsMissing, NoSuchDocument or AlreadyDecided.
    """
    if not reason.strip():
        raise ReasonIsMissing
    reason = reason.strip()[:LONGEST_REASON]
    return _decide(check_id, CheckState.REJECTED, who=who, reason=reason, now=now, community=community)


def leave_documents_to_operators(*, community: int) -> None:
    """Leave a partner's documents to the operators alone."""
    DocumentCheck.objects.filter(community=community).update(community=SHARED_CROWD)


def waiting_documents(*, community: int | None = None) -> QuerySet[DocumentCheck]:
    """Return the documents that wait with their friends, oldest first: all, or those a partner's managers decide."""
    waiting = DocumentCheck.objects.filter(state=CheckState.WAITING).select_related("friend")
    if community is not None:
        waiting = waiting.filter(community=community, kind=DocumentKind.IDENTITY)
    return waiting.order_by("sent_at", "id")


def waiting_document(check_id: UUID, *, community: int | None = None) -> DocumentCheck:
    """Return one document that waits, with its friend.

    Raises NoSuchDocument.
    """
    found = waiting_documents(community=community).filter(pk=check_id).first()
    if found is None:
        raise NoSuchDocument
    return found


def read_document(check: DocumentCheck) -> DocumentFile:
    """Return the file of a document that waits.

    Raises NoSuchDocument where it was deleted meanwhile.
    """
    name = str(check.file.name)
    try:
        with default_storage.open(name) as file:
            return DocumentFile(file.read(), name[name.rindex(".") :])
    except FileNotFoundError as error:
        raise NoSuchDocument from error


def latest_document(friend_id: UUID, kind: DocumentKind) -> DocumentCheck | None:
    """Return the document of a kind that the friend sent last, or None."""
    return DocumentCheck.objects.filter(friend=friend_id, kind=kind).order_by("-sent_at", "id").first()


def _first_community(friend_id: UUID) -> int:
    joined = Membership.objects.filter(friend=friend_id).exclude(community=SHARED_CROWD).order_by("id")
    return joined.values_list("community", flat=True).first() or SHARED_CROWD


def _decide(
    check_id: UUID, state: CheckState, *, who: str, reason: str, now: datetime, community: int | None
) -> DocumentCheck:
    of_partner = {} if community is None else {"community": community, "kind": DocumentKind.IDENTITY}
    found = DocumentCheck.objects.filter(pk=check_id, **of_partner)
    friend_id = found.values_list("friend_id", flat=True).first()
    if friend_id is None:
        raise NoSuchDocument
    # The friend before the document, as everybody who locks both.
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
    check = found.select_for_update().first()
    if check is None:
        raise NoSuchDocument
    if check.state != CheckState.WAITING:
        raise AlreadyDecided
    _delete_with_commit(check.file.name)
    check.file.name = ""
    check.state, check.reason, check.decided_at, check.decided_by = state, reason, now, who
    check.save(update_fields=["file", "state", "reason", "decided_at", "decided_by"])
    return check


def _delete_with_commit(name: str | None) -> None:
    on_commit_in_this_schema(lambda: default_storage.delete(str(name)))
