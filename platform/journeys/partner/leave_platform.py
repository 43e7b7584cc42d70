"""A partner leaves, is exported, or comes back out of an archive: what is the partner's and what is the crowd's part.

The handlers at the end are what the owner's worker does for an operation.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.selectors import skills_of_packages
from crowd.documents import leave_documents_to_operators
from crowd.services import change_open_jobs, derive_candidates, ensure_friend_rows
from dispatch.overflow.contracts import end_contracts_of
from dispatch.selectors import count_open_jobs, open_jobs_by_friend
from dues.selectors import owes_an_invoice
from journeys.partner.sandbox import delete_sandbox_of
from skills.services import adopt_skills, retire_skills_of
from tenants.context import platform_context, tenant_context
from tenants.errors import ArchiveMissing, IllegalTenantMove, OpenJobs
from tenants.lifecycle.archive import Imported, export_tenant, import_tenant
from tenants.lifecycle.life_cycle import (
    NOT_LEAVING,
    PLATFORM,
    delete_tenant,
    due_deletions,
    request_deletion,
    request_owner,
)
from tenants.lifecycle.operations import Outcome, Progress, tell_nobody
from tenants.models import Operation, OperationKind, Tenant
from tenants.selectors import partners

NOT_BILLED = _("This partner's last invoice has not been issued yet. Please try again in an hour.")


def ask_to_leave(
    *,
    tenant: Tenant,
    who: str,
    now: datetime,
    grace: timedelta | None = None,
    even_with_open_jobs: bool = False,
) -> Tenant:
    """Close the brand site, end the contracts on overflow in both directions, and set the day of deletion.

    A partner who changes their mind agrees on contracts anew.

    Raises OpenJobs while jobs are in flight, unless they shall go too; or IllegalTenantMove.
    """
    with platform_context(), transaction.atomic():
        open_jobs = count_open_jobs(tenant.pk)
        if open_jobs and not even_with_open_jobs:
            raise OpenJobs(open_jobs)
        leaving = request_deletion(tenant=tenant, who=who, now=now, grace=grace)
        end_contracts_of(tenant_id=tenant.pk, who=who, now=now)
        return leaving


def delete_partner_and_free_friends(*, tenant: Tenant, now: datetime, progress: Progress = tell_nobody) -> None:
    """Delete a partner whose day has come, free the friends whose jobs go with it, and retire its skills.

    Needs the owner's login. Raises IllegalTenantMove, also where the partner owes money that no invoice asks for yet.
    """
    if _owes_an_invoice(tenant, now):
        raise IllegalTenantMove(NOT_BILLED)
    with platform_context(), transaction.atomic():
        change_open_jobs({friend_id: -count for friend_id, count in open_jobs_by_friend(tenant.pk).items()})
        # Who waits for an answer gets it from the operators, and no file is left behind without its row.
        leave_documents_to_operators(community=tenant.pk)
        delete_sandbox_of(tenant)
        retire_skills_of(owner=tenant.pk, who=PLATFORM, now=now)
        delete_tenant(tenant=tenant, now=now, progress=progress)


def restore_partner(*, source: Path, slug: str = "", now: datetime, progress: Progress = tell_nobody) -> Imported:
    """Make a partner of an archive; its friends who are known here have their jobs and their place again.

    Needs the owner's login. Raises what ``tenants.lifecycle.archive.import_tenant`` raises.
    """

    def meet(friends: Sequence[dict[str, str]]) -> set[str]:
        return ensure_friend_rows(friends, now=now)

    with platform_context(), transaction.atomic():
        imported = import_tenant(source=source, slug=slug, now=now, meet_friends=meet, progress=progress)
        derive_candidates(community=imported.tenant.pk)
        _bring_skills_back(imported.tenant, now)
        change_open_jobs(open_jobs_by_friend(imported.tenant.pk))
    return imported


def _bring_skills_back(tenant: Tenant, now: datetime) -> None:
    """Give the partner its own skills again, which were retired when it left this installation."""
    with tenant_context(tenant):
        slugs = skills_of_packages()
    living = partners().exclude(pk=tenant.pk).values_list("pk", flat=True)
    adopt_skills(slugs=slugs, owner=tenant.pk, living=living, who=PLATFORM, now=now)


def request_due_deletions(*, now: datetime) -> int:
    """Ask the owner's worker for the deletion of every partner whose day has come; return how many there are.

    Who owes money that no invoice asks for yet stays until it is billed.
    """
    due = [tenant for tenant in due_deletions(now=now) if not _owes_an_invoice(tenant, now)]
    for tenant in due:
        request_owner(kind=OperationKind.DELETE, tenant=tenant, who=PLATFORM, now=now)
    return len(due)


def export_partner(operation: Operation, progress: Progress, now: datetime) -> Outcome:
    """Carry out an operation that exports a partner."""
    tenant = _partner(operation)
    made = export_tenant(tenant=tenant, now=now, progress=progress)
    return Outcome(tenant, {"file": made.path.name, "size": made.size, "rows": made.rows, "files": made.files})


def import_partner(operation: Operation, progress: Progress, now: datetime) -> Outcome:
    """Carry out an operation that imports ``file`` of the archives' folder, as ``slug`` where one is given."""
    # Only a name: an operation must not lead out of the folder.
    source = Path(settings.ARCHIVES) / Path(operation.request["file"]).name
    imported = restore_partner(source=source, slug=operation.request.get("slug", ""), now=now, progress=progress)
    told = {"slug": imported.tenant.slug, "domains_left_out": list(imported.domains_left_out)}
    return Outcome(imported.tenant, told)


def delete_partner(operation: Operation, progress: Progress, now: datetime) -> Outcome:
    """Carry out an operation that deletes a partner whose day has come."""
    delete_partner_and_free_friends(tenant=_partner(operation), now=now, progress=progress)
    return Outcome(None, {"slug": operation.slug})


def archive_of(operation: Operation) -> Path:
    """Return the file that an export has made.

    Raises ArchiveMissing.
    """
    path = Path(settings.ARCHIVES) / Path(operation.result.get("file", "") or "-").name
    if operation.kind != OperationKind.EXPORT or not path.is_file():
        raise ArchiveMissing
    return path


def _owes_an_invoice(tenant: Tenant, now: datetime) -> bool:
    with platform_context():
        return owes_an_invoice(tenant_id=tenant.pk, until=now.astimezone(ZoneInfo(tenant.time_zone)).date())


def _partner(operation: Operation) -> Tenant:
    if operation.tenant is None:
        raise IllegalTenantMove(NOT_LEAVING)
    return operation.tenant
