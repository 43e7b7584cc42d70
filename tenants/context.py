"""The two doors between schemas."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django_tenants.utils import get_public_schema_name, schema_context
from django_tenants.utils import tenant_context as _tenant_context

from tenants.behind import refuse_if_behind
from tenants.models import Tenant


@contextmanager
def tenant_context(tenant: Tenant) -> Iterator[Tenant]:
    """Work inside the tenant's schema. Evaluate querysets inside; a lazy one would run in the next schema.

    Raises SchemaBehind where the schema lacks migrations.
    """
    with _tenant_context(tenant):
        refuse_if_behind(tenant.schema_name)
        yield tenant


@contextmanager
def platform_context() -> Iterator[None]:
    """Work inside the public schema."""
    with schema_context(get_public_schema_name()):
        yield


def current_tenant() -> Tenant | None:
    """Return the tenant whose schema is in use, or None on the platform."""
    tenant = getattr(connection, "tenant", None)
    return tenant if isinstance(tenant, Tenant) and tenant.schema_name != get_public_schema_name() else None
