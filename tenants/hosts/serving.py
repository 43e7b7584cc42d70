"""Whose host it is: what every request asks first."""

import pickle
from uuid import UUID

from django.db import connection

from tenants.isolation.kept import KEPT
from tenants.models import Tenant

_AT_HOST = """
SELECT t.id, t.schema_name, t.pages_version, d.is_primary
  FROM tenants_domain d JOIN tenants_tenant t ON t.id = d.tenant_id
 WHERE d.domain = %s AND d.is_verified
"""


def tenant_at(host: str) -> tuple[Tenant, bool] | None:
    """Return the tenant of a verified host, and whether it is its main one; or None. Run on the platform.

    One small query; the tenant's own row is read again when something of it, or of its pages, has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AT_HOST, [host])
        found: tuple[int, str, UUID, bool] | None = cursor.fetchone()
    if found is None:
        return None
    tenant_id, schema_name, version, is_primary = found
    # Kept as bytes: each request has a tenant of its own, which it may change.
    row = KEPT.fact(schema_name, version, "tenant", lambda: pickle.dumps(Tenant.objects.get(pk=tenant_id)))
    tenant: Tenant = pickle.loads(row)  # noqa: S301  # written by this process
    return tenant, is_primary
