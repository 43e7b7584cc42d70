"""Somebody looks at a friend's document: approved or refused, told by mail, deleted in the same story (R9, R10).

Operators decide about all, a partner's managers about the proofs of age of those who came to their community: for them
``tenant`` is the partner, and whatever is not theirs is not there.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.documents import DocumentFile, read_document, waiting_document, waiting_documents
from crowd.documents import approve_document as approve_in_crowd
from crowd.documents import refuse_document as refuse_in_crowd
from crowd.models import SHARED_CROWD, DocumentCheck
from crowd.onboarding import activate_when_ready, note_age_checked
from crowd.pros import approve_pro
from crowd.states import DocumentKind
from journeys.posting import tell
from journeys.topics import ToFriend, ToManagers, ToOperators
from tenants.context import platform_context
from tenants.models import Tenant


def documents_of_partner(tenant: Tenant, *, first: int, most: int) -> tuple[list[DocumentCheck], int]:
    """Return a page of the documents that wait for a partner's managers, and how many wait in all (2 queries)."""
    with platform_context():
        waiting = waiting_documents(community=tenant.pk)
        return list(waiting[first : first + most]), waiting.count()


def document_to_check(check_id: UUID, *, tenant: Tenant | None = None) -> DocumentCheck:
    """Return one document that waits.

    Raises NoSuchDocument.
    """
    with platform_context():
        return waiting_document(check_id, community=_community(tenant))


def file_to_check(check_id: UUID, *, tenant: Tenant | None = None) -> DocumentFile:
    """Return the file of one document that waits.

    Raises NoSuchDocument.
    """
    with platform_context():
        return read_document(waiting_document(check_id, community=_community(tenant)))


def approve_document(*, check_id: UUID, who: str, now: datetime, tenant: Tenant | None = None) -> DocumentCheck:
    """Approve: a proof of age brings the friend nearer to the first offer, a proof of insurance makes a pro.

    Raises NoSuchDocument, AlreadyDecided, ProsAreNotEnabled or InsuranceIsOver.
    """
    with platform_context(), transaction.atomic():
        check = approve_in_crowd(check_id=check_id, who=who, now=now, community=_community(tenant))
        if check.kind == DocumentKind.IDENTITY:
            note_age_checked(check.friend_id, now=now)
            activate_when_ready(check.friend_id, now)
            _tell(ToFriend.AGE_CHECKED, check, now=now)
        else:
            approve_pro(friend_id=check.friend_id, who=who, now=now)
            _tell(ToFriend.PRO_APPROVED, check, now=now)
    return check


def refuse_document(
    *, check_id: UUID, who: str, reason: str, now: datetime, tenant: Tenant | None = None
) -> DocumentCheck:
    """Refuse with a reason; the friend reads it and may send another document.

    Raises ReasonIsMissing, NoSuchDocument or AlreadyDecided.
    """
    with platform_context(), transaction.atomic():
        check = refuse_in_crowd(check_id=check_id, who=who, reason=reason, now=now, community=_community(tenant))
        _tell(ToFriend.DOCUMENT_REFUSED, check, now=now)
    return check


def count_documents(tenant: Tenant) -> int:
    """Return how many documents wait for a partner's managers (1 query)."""
    with platform_context():
        return waiting_documents(community=tenant.pk).count()


def tell_of_document(check: DocumentCheck, *, now: datetime) -> None:
    """Post that a document waits: to the operators, and of a proof of age to the partner's managers too."""
    document, kind = str(check.pk), check.kind
    tell(ToOperators.DOCUMENT_WAITS, check.pk, now=now, check=document, kind=kind)
    if check.kind == DocumentKind.IDENTITY and check.community != SHARED_CROWD:
        tell(ToManagers.DOCUMENT_WAITS, check.pk, tenant_id=check.community, now=now, check=document, kind=kind)


def _community(tenant: Tenant | None) -> int | None:
    return None if tenant is None else tenant.pk


def _tell(topic: ToFriend, check: DocumentCheck, *, now: datetime) -> None:
    tell(topic, check.pk, now=now, friend=str(check.friend_id), check=str(check.pk))
