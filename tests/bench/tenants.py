"""Many tenants for benchmarks: rows and cloned schemas with roles, and nothing in them but the template's rows."""

import os
import sys
from collections.abc import Sequence

from django.db import connection, transaction
from tqdm import tqdm

from tenants.context import platform_context
from tenants.isolation.logins import become_owner
from tenants.isolation.names import schema_name_for
from tenants.isolation.roles import app_login, drop_tenant_role, grant_tenant
from tenants.lifecycle.provisioning import make_schema
from tenants.lifecycle.template import template_sql
from tenants.models import Domain, Tenant
from tenants.services import apply_theme

# A tenant takes some 3.6 MB of disk and a fifth of a second to make: BENCH_TENANTS=100 is enough for a look.
COUNT = int(os.environ.get("BENCH_TENANTS", "1000"))
SLUG = "bench-{:04d}"


def with_tenants(count: int = COUNT) -> list[str]:
    """Have at least so many tenants of the benchmarks, and return the schemas of that many. Works as the owner."""
    become_owner()
    slugs = [SLUG.format(number) for number in range(count)]
    with platform_context():
        there = set(Tenant.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        missing = [slug for slug in slugs if slug not in there]
        sql = template_sql()
        for slug in tqdm(missing, desc="making tenants", disable=None, file=sys.stderr):
            _make(slug, sql)
    return [schema_name_for(slug) for slug in slugs]


def made_tenants() -> list[str]:
    """Return the schemas of all tenants of the benchmarks."""
    become_owner()
    with platform_context():
        made = Tenant.objects.filter(slug__startswith="bench-").order_by("slug")
        return list(made.values_list("schema_name", flat=True))


def drop_tenants(schemas: Sequence[str]) -> None:
    """Take tenants of the benchmarks away, with schema and role."""
    become_owner()
    with platform_context():
        for schema in tqdm(schemas, desc="dropping tenants", disable=None, file=sys.stderr):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
                drop_tenant_role(schema)
                Tenant.objects.filter(schema_name=schema).delete()


def _make(slug: str, sql: str) -> None:
    with transaction.atomic():
        tenant = Tenant(
            slug=slug, schema_name=schema_name_for(slug), name=slug, languages=["de", "en"], countries=["DE"]
        )
        apply_theme(tenant)
        tenant.save()
        Domain.objects.create(domain=f"{slug}.localhost", tenant=tenant, is_primary=True)
        make_schema(tenant.schema_name, sql)
        grant_tenant(tenant.schema_name, app_login=app_login())
