"""Writes about operators' access to a partner. Run on the platform, except where it says otherwise."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tenants.context import platform_context
from tenants.errors import AccessAlreadyRuns, NoSuchDuration, ReasonTooShort
from tenants.models import SupportAccess, Tenant
from tenants.selectors import running_access

DURATIONS_MIN = (15, 30, 60, 120)
SHORTEST_REASON = 10
LONGEST_REASON = 300


@transaction.atomic
def grant_access(
    *, tenant: Tenant, operator_id: UUID, operator_name: str, reason: str, minutes: int, now: datetime
) -> SupportAccess:
    """Let an operator into a partner's admin for some minutes.

    Raises ReasonTooShort, NoSuchDuration, or AccessAlreadyRuns where the operator has one.
    """
    written = " ".join(reason.split())
    if len(written) < SHORTEST_REASON:
        raise ReasonTooShort
    if minutes not in DURATIONS_MIN:
        raise NoSuchDuration
    # Two grants at once wait for each other here, or both would find no running one.
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    if running_access(tenant, operator_id=operator_id, now=now) is not None:
        raise AccessAlreadyRuns
    return SupportAccess.objects.create(
        tenant=tenant,
        operator_id=operator_id,
        operator_name=operator_name,
        reason=written[:LONGEST_REASON],
        granted_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )


def claim_access(*, access_id: UUID, tenant: Tenant, now: datetime) -> SupportAccess | None:
    """Note that the operator enters, and return the access, or None where it is over or ended. Run anywhere."""
    with platform_context(), transaction.atomic():
        running = SupportAccess.objects.select_for_update().filter(
            pk=access_id, tenant=tenant, ended_at=None, ends_at__gt=now
        )
        access = running.first()
        if access is not None and access.entered_at is None:
            access.entered_at = now
            access.save(update_fields=["entered_at"])
    return access


def end_access(*, access_id: UUID, tenant: Tenant, now: datetime) -> SupportAccess | None:
    """End a running access of this partner; return it, or None where there is none to end. Run anywhere."""
    with platform_context():
        running = SupportAccess.objects.filter(pk=access_id, tenant=tenant, ended_at=None, ends_at__gt=now)
        return SupportAccess.objects.get(pk=access_id) if running.update(ended_at=now) else None
