"""A newsletter in all its languages becomes an issue, which goes out as it is then. Run inside the tenant."""

from datetime import datetime
from uuid import UUID

from cms.newsletters.composing import compose, faults_of
from cms.newsletters.writing import Newsletter
from newsletters.errors import UnfitContent
from newsletters.issues import prepare_issue
from newsletters.models import Issue
from tenants.models import Tenant


def prepare(*, key: UUID, tenant: Tenant, now: datetime) -> Issue:
    """Keep the words of a newsletter in each of the partner's languages that it has.

    Raises UnfitContent, NothingToSend or IssueUnderWay.
    """
    pieces = _pieces(key, tenant)
    faults = [fault for piece in pieces for fault in faults_of(piece, tenant)]
    if faults:
        raise UnfitContent(faults)
    written = [compose(piece, tenant) for piece in pieces]
    return prepare_issue(key=key, title=pieces[0].subject if pieces else "", written=written, now=now)


def _pieces(key: UUID, tenant: Tenant) -> list[Newsletter]:
    """Return what is written of an issue, the main language first."""
    found = Newsletter.objects.filter(translation_key=key, locale__language_code__in=tenant.languages)
    pieces = list(found.select_related("locale").order_by("pk"))
    return sorted(pieces, key=lambda piece: piece.locale.language_code != tenant.default_language)
