"""A partner is suspended, resumed, renamed, and at last deleted. All of it leaves a line in the partner's history.

Deleting takes two steps: ``request_deletion`` closes the brand site and sets the day, ``delete_tenant`` takes all of it
away from that day on. Only the latter needs the owner's login.
"""

from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import schema_exists

from tenants.context import platform_context
from tenants.errors import IllegalTenantMove, UnableToRename
from tenants.hosts.domains import follow_primary_host
from tenants.isolation import caches, content_types
from tenants.isolation.names import schema_name_for
from tenants.isolation.roles import drop_tenant_role
from tenants.lifecycle import media
from tenants.lifecycle.operations import Progress, tell_nobody
from tenants.lifecycle.shared_rows import SHARED_ROWS
from tenants.migrating import behind
from tenants.models import Domain, Operation, OperationKind, OperationState, SettingsChange, Tenant, TenantState
from tenants.services import lock_tenant, request_operation
from tenants.settings.rules import setting_faults, slug_fault

# The worker that deletes what is due, in the history and in operations.
PLATFORM = "Quartett"
ALREADY_SUSPENDED = gettext_lazy("This partner is suspended already.")
NOT_SUSPENDED = gettext_lazy("This partner is not suspended.")
ALREADY_LEAVING = gettext_lazy("This partner is to be deleted already.")
NOT_LEAVING = gettext_lazy("This partner is not to be deleted.")
LEAVING = gettext_lazy("This partner is to be deleted. Please undo that first.")
NOT_DUE = gettext_lazy("The day on which this partner may be deleted has not been reached.")


def suspend_tenant(*, tenant: Tenant, who: str, reason: str = "", now: datetime) -> Tenant:
    """Close the brand site behind a notice; jobs in flight finish. The reason stands in the history of its settings.

    Raises IllegalTenantMove unless the partner is active.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        if locked.state == TenantState.SUSPENDED:
            raise IllegalTenantMove(ALREADY_SUSPENDED)
        if locked.state == TenantState.LEAVING:
            raise IllegalTenantMove(LEAVING)
        if reason:
            note_change(locked, "suspended_because", None, reason, who=who, now=now)
        return _move(locked, TenantState.SUSPENDED, who, now, suspended_at=now)


def resume_tenant(*, tenant: Tenant, who: str, now: datetime) -> Tenant:
    """Open the brand site again.

    Raises IllegalTenantMove unless the partner is suspended.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        if locked.state != TenantState.SUSPENDED:
            raise IllegalTenantMove(LEAVING if locked.state == TenantState.LEAVING else NOT_SUSPENDED)
        return _move(locked, TenantState.ACTIVE, who, now, suspended_at=None)


def rename_tenant(*, tenant: Tenant, name: str, slug: str, who: str, now: datetime) -> Tenant:
    """Give the partner another name, another host on the platform, or both; the schema keeps its name.

    The old host stays the partner's and leads to the new one. Raises UnableToRename with the faults by field.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        if faults := _faults_of_rename(locked, name.strip(), slug):
            raise UnableToRename(faults)
        before = {"name": locked.name, "slug": locked.slug}
        old_host = _host(locked.slug)
        locked.name, locked.slug = name.strip(), slug
        try:
            with transaction.atomic():
                locked.save(update_fields=["name", "slug"])
                if before["slug"] != slug:
                    _move_host(locked, old_host)
        except IntegrityError as error:
            # Somebody was faster with the same name.
            raise UnableToRename({"slug": _("This name is taken.")}) from error
        changed = {field: value for field, value in before.items() if getattr(locked, field) != value}
        for field, value in changed.items():
            note_change(locked, field, value, getattr(locked, field), who=who, now=now)
        if changed:
            follow_primary_host(locked)
    return locked


def request_deletion(*, tenant: Tenant, who: str, now: datetime, grace: timedelta | None = None) -> Tenant:
    """Close the brand site and set the moment from which on all of the partner may be deleted.

    Raises IllegalTenantMove where that is asked for already.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        if locked.state == TenantState.LEAVING:
            raise IllegalTenantMove(ALREADY_LEAVING)
        due_at = now + (settings.DELETION_GRACE if grace is None else grace)
        return _move(locked, TenantState.LEAVING, who, now, delete_due_at=due_at)


def undo_deletion(*, tenant: Tenant, who: str, now: datetime) -> Tenant:
    """Take the request back; a partner that was suspended before is suspended again.

    Raises IllegalTenantMove where nothing was asked for.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        if locked.state != TenantState.LEAVING:
            raise IllegalTenantMove(NOT_LEAVING)
        state = TenantState.SUSPENDED if locked.suspended_at else TenantState.ACTIVE
        return _move(locked, state, who, now, delete_due_at=None)


def delete_tenant(*, tenant: Tenant, now: datetime, progress: Progress = tell_nobody) -> None:
    """Take everything of a partner away: rows of public, schema, role, files, cached values. Needs the owner's login.

    Raises IllegalTenantMove unless deletion was asked for and is due. ``progress`` is told each step with the
    percentage done; the last step is silent, because it touches the row that the progress is written to.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        if locked.state != TenantState.LEAVING or locked.delete_due_at is None:
            raise IllegalTenantMove(NOT_LEAVING)
        if locked.delete_due_at > now:
            raise IllegalTenantMove(NOT_DUE)
        _take_away(locked, progress)


def delete_sandbox(*, sandbox: Tenant) -> None:
    """Take everything of a sandbox away, at once. Needs the owner's login.

    Raises IllegalTenantMove where it is a partner.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(sandbox)
        if not locked.is_sandbox:
            raise IllegalTenantMove(NOT_LEAVING)
        _take_away(locked, tell_nobody)


def due_deletions(*, now: datetime) -> list[Tenant]:
    """Return the partners whose day has come."""
    due = Tenant.objects.filter(state=TenantState.LEAVING, delete_due_at__lte=now)
    return list(due.order_by("delete_due_at", "id"))


def request_owner(*, kind: OperationKind, tenant: Tenant, who: str, now: datetime) -> Operation:
    """Ask the owner's worker for an export or a deletion; one that is not finished yet is returned instead."""
    with platform_context(), transaction.atomic():
        lock_tenant(tenant)
        unfinished = Operation.objects.filter(
            kind=kind, tenant=tenant, state__in=[OperationState.WAITING, OperationState.RUNNING]
        )
        return unfinished.first() or request_operation(kind=kind, tenant=tenant, who=who, now=now)


def note_change(tenant: Tenant, field: str, before: Any, after: Any, *, who: str, now: datetime) -> None:
    """Write a line of the partner's history. Run on the platform."""
    SettingsChange.objects.create(tenant=tenant, at=now, who=who, field=field, before=before, after=after)


def _take_away(locked: Tenant, progress: Progress) -> None:
    schema_name = locked.schema_name
    progress("rows", 10)
    _delete_shared_rows(locked.pk)
    progress("schema", 30)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema_name}" CASCADE')
    drop_tenant_role(schema_name)
    progress("files", 80)
    with media.set_aside(schema_name):
        Operation.objects.filter(tenant=locked).update(tenant=None)
        Tenant.objects.filter(pk=locked.pk).delete()
    transaction.on_commit(lambda: _forget(schema_name))


def _move(tenant: Tenant, state: TenantState, who: str, now: datetime, **fields: Any) -> Tenant:
    before, tenant.state = tenant.state, state
    for name, value in fields.items():
        setattr(tenant, name, value)
    tenant.save(update_fields=["state", *fields])
    note_change(tenant, "state", before, state, who=who, now=now)
    return tenant


def _host(slug: str) -> str:
    return f"{slug}.{settings.BASE_DOMAIN}"


def _move_host(tenant: Tenant, old_host: str) -> None:
    """Serve the new host, as the main one where the old one was; the old one's row stays, to lead there."""
    was_primary = Domain.objects.filter(tenant=tenant, domain=old_host, is_primary=True).update(is_primary=False)
    domain, _created = Domain.objects.get_or_create(domain=_host(tenant.slug), defaults={"tenant": tenant})
    if was_primary:
        Domain.objects.filter(pk=domain.pk).update(is_primary=True)


def _faults_of_rename(tenant: Tenant, name: str, slug: str) -> dict[str, str]:
    renamed = copy(tenant)
    renamed.name = name
    faults = setting_faults(renamed, {"name"})
    if slug != tenant.slug and (fault := slug_fault(slug)):
        faults["slug"] = str(fault)
    elif slug != tenant.slug and _is_taken(tenant, slug):
        faults["slug"] = _("This name is taken.")
    return faults


def _is_taken(tenant: Tenant, slug: str) -> bool:
    """Say whether a slug is another partner's; its own former ones are free."""
    schema_name = schema_name_for(slug)
    return (
        Tenant.objects.exclude(pk=tenant.pk).filter(slug=slug).exists()
        or Domain.objects.exclude(tenant=tenant).filter(domain=_host(slug)).exists()
        or (schema_name != tenant.schema_name and schema_exists(schema_name))
    )


def _delete_shared_rows(tenant_id: int) -> None:
    """Delete the partner's rows of the public schema, those that depend on others first."""
    with connection.cursor() as cursor:
        for rows in reversed(SHARED_ROWS):
            cursor.execute(f"DELETE FROM public.{rows.table} r WHERE {rows.owned}", {"tenant": tenant_id})


def _forget(schema_name: str) -> None:
    media.remove_set_aside(schema_name)
    caches.forget(schema_name)
    content_types.forget()
    behind.forget()
