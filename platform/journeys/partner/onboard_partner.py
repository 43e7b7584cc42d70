"""A partner begins: tenant, first manager and their invitation in one transaction. Needs the owner's login (R1, R4)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.groups import MANAGERS
from journeys.partner.invite_manager import invite_manager
from tenants.context import platform_context, tenant_context
from tenants.errors import UnableToCreateTenant
from tenants.hosts.domains import add_domain
from tenants.lifecycle.operations import Outcome, Progress, tell_nobody
from tenants.lifecycle.provisioning import provision_tenant
from tenants.models import Operation, Tenant
from tenants.selectors import tenant_url
from tenants.services import manager_faults


@dataclass(frozen=True)
class FirstManager:
    """Whom the invitation goes to."""

    email: str
    first_name: str
    last_name: str
    language: str


def onboard_partner(
    *,
    slug: str,
    manager: FirstManager,
    domain: str = "",
    who: str,
    now: datetime,
    progress: Progress = tell_nobody,
    **fields: Any,
) -> Tenant:
    """Make a partner that can be served at once and invite its first manager; ``fields`` are columns of ``Tenant``.

    An own ``domain`` is noted, and served once it is verified.
    Raises UnableToCreateTenant with the faults by field, the manager's beginning with ``manager_``, or
    TemplateOutOfDate; nothing is left behind then.
    """
    if faults := manager_faults(asdict(manager)):
        raise UnableToCreateTenant(faults)
    with platform_context(), transaction.atomic():
        # Until the partner says where answers go, somebody reads them.
        fields.setdefault("reply_to", "" if fields.get("email") else manager.email)
        tenant = provision_tenant(slug=slug, domain=domain, progress=progress, **fields)
        if domain:
            add_domain(tenant=tenant, domain=domain, who=who, now=now)
        with tenant_context(tenant):
            invite_manager(
                email=manager.email,
                first_name=manager.first_name,
                last_name=manager.last_name,
                language=manager.language,
                group_name=MANAGERS,
                now=now,
            )
    return tenant


def create_partner(operation: Operation, progress: Progress, now: datetime) -> Outcome:
    """Carry out an operation that creates a partner; tell its slug and address."""
    asked = operation.request
    tenant = onboard_partner(
        slug=operation.slug,
        who=operation.who,
        manager=FirstManager(**asked["manager"]),
        domain=asked.get("domain", ""),
        now=now,
        progress=progress,
        **asked["fields"],
    )
    return Outcome(tenant, {"slug": tenant.slug, "url": tenant_url(tenant)})
