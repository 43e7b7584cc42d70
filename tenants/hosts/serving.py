"""Whose host it is: what every request asks first."""

import pickle
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from tenants.isolation.kept import KEPT
from tenants.models import Tenant

_AT_HOST = """
SELECT t.id, t.schema_name, t.pages_version, d.is_primary
  FROM tenants_domain d JOIN tenants_tenant t ON t.id = d.tenant_id
 WHERE d.domain = %s AND d.is_verified
"""


_OF_PARTNER = "SELECT id, schema_name, pages_version FROM tenants_tenant WHERE sandbox_of_id = %s"
# How keys begin that work on a partner's sandbox, at the address of the partner itself.
TEST_KEY = "qk_test_"


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
    return _kept(tenant_id, schema_name, version), is_primary


def sandbox_for(partner_id: int) -> Tenant | None:
    """Return a partner's sandbox, or None where it has none. Run on the platform, as ``tenant_at``."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_PARTNER, [partner_id])
        found: tuple[int, str, UUID] | None = cursor.fetchone()
    return _kept(*found) if found else None


def has_test_key(request: HttpRequest) -> bool:
    """Say whether a call carries a key for a sandbox, whether there is such a key or not."""
    return request.headers.get("Authorization", "").partition(" ")[2].strip().startswith(TEST_KEY)


def _kept(tenant_id: int, schema_name: str, version: UUID) -> Tenant:
    # Kept as bytes: each request has a tenant of its own, which it may change.
    row = KEPT.fact(schema_name, version, "tenant", lambda: pickle.dumps(Tenant.objects.get(pk=tenant_id)))
    tenant: Tenant = pickle.loads(row)  # noqa: S301  # written by this process
    return tenant
