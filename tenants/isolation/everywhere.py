"""Doing one thing inside every tenant."""

import logging
from collections.abc import Callable, Iterable

from tenants.context import tenant_context
from tenants.errors import SchemaBehind
from tenants.models import Tenant

logger = logging.getLogger(__name__)


def in_each(tenants: Iterable[Tenant], act: Callable[[Tenant], object]) -> list[Tenant]:
    """Act inside each tenant and return those where it failed; a failure is logged and does not stop the others."""
    failed = []
    for tenant in tenants:
        try:
            with tenant_context(tenant):
                act(tenant)
        except SchemaBehind:
            logger.warning("%s waits for its migrations", tenant.slug)
            failed.append(tenant)
        except Exception:  # whatever one tenant's data makes of it is not the others' matter
            logger.exception("Failed at %s", tenant.slug)
            failed.append(tenant)
    return failed
