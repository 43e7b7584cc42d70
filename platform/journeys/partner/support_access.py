"""An operator enters a partner's admin: with a reason, for a limited time, seen and ended by the partner (R3)."""

import logging
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.groups import MANAGERS
from accounts.local_users import admit_local_user, close_local_user
from accounts.models import Kind, User
from journeys.links import arrive_for_support_url
from journeys.posting import tell
from journeys.topics import ToManagers
from tenants.access.handover import consume_handover, issue_code
from tenants.access.support import claim_access, end_access, grant_access
from tenants.context import platform_context, tenant_context
from tenants.errors import NoRunningAccess, UnknownHost
from tenants.models import HandoverPurpose, SupportAccess, Tenant
from tenants.selectors import running_access, verified_domain

# Its lines are the record of what support did; the operations side keeps them apart from the others.
logger = logging.getLogger("support")

# ``.invalid`` never resolves (RFC 2606), so no mail can reach anybody by mistake.
MAIL_HOST = "support.invalid"


def grant_support(*, operator: User, tenant: Tenant, reason: str, minutes: int, now: datetime) -> SupportAccess:
    """Give an operator access to a partner and tell the partner's managers. Run on the platform.

    Raises ReasonTooShort, NoSuchDuration or AccessAlreadyRuns.
    """
    with transaction.atomic():
        access = grant_access(
            tenant=tenant,
            operator_id=operator.uuid,
            operator_name=str(operator),
            reason=reason,
            minutes=minutes,
            now=now,
        )
        tell(ToManagers.SUPPORT_GRANTED, access.pk, tenant_id=tenant.pk, now=now, access=str(access.pk))
    logger.info("%s: access %s to %s granted until %s", access.operator_name, access.pk, tenant.slug, access.ends_at)
    return access


def issue_support_entry(*, operator_id: UUID, host: str, state_hash: str, now: datetime) -> str:
    """Return the address at which the operator arrives, with a code that is good for a minute. Run on the platform.

    Raises UnknownHost, NoRunningAccess or HandoverRefused.
    """
    domain = verified_domain(host)
    if domain is None:
        raise UnknownHost
    access = running_access(domain.tenant, operator_id=operator_id, now=now)
    if access is None:
        raise NoRunningAccess
    code = issue_code(
        tenant=domain.tenant,
        state_hash=state_hash,
        purpose=HandoverPurpose.SUPPORT,
        person_id=operator_id,
        access=access,
        now=now,
    )
    return arrive_for_support_url(host=domain.domain, code=code)


def enter_support(*, code: str, state: str, tenant: Tenant, now: datetime) -> tuple[User, SupportAccess]:
    """Use the code up and return the operator's local user, to be signed in, and the access its session is bound to.

    The code stays used whatever comes after. Raises HandoverRefused or NoRunningAccess.
    """
    arrival = consume_handover(code=code, state=state, purpose=HandoverPurpose.SUPPORT, tenant=tenant, now=now)
    access = claim_access(access_id=arrival.access_id, tenant=tenant, now=now) if arrival.access_id else None
    operator = _operator(arrival.person_id)
    if access is None or operator is None or access.operator_id != operator.uuid:
        raise NoRunningAccess
    with tenant_context(tenant), transaction.atomic():
        user = admit_local_user(
            uuid=access.operator_id,
            kind=Kind.OPERATOR,
            mail_host=MAIL_HOST,
            first_name=f"Support: {operator.first_name}",
            last_name=operator.last_name,
            language=operator.language,
        )
        user.groups.set([Group.objects.get(name=MANAGERS)])
    logger.info("%s: access %s to %s entered", access.operator_name, access.pk, tenant.slug)
    return user, access


def end_support(*, access_id: UUID, tenant: Tenant, who: str, now: datetime) -> SupportAccess | None:
    """End a running access and the operator's sessions; return it, or None where there is none to end."""
    with platform_context(), transaction.atomic():
        access = end_access(access_id=access_id, tenant=tenant, now=now)
        if access is None:
            return None
        with tenant_context(tenant):
            close_local_user(uuid=access.operator_id)
    logger.info("%s: access %s to %s ended by %s", access.operator_name, access.pk, tenant.slug, who)
    return access


def _operator(operator_id: UUID) -> User | None:
    with platform_context():
        return User.objects.filter(uuid=operator_id, kind=Kind.OPERATOR, is_active=True).first()
