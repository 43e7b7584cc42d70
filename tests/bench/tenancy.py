"""Tenancy: what entering a tenant costs, and how long a partner takes to be born."""

import statistics
import time
from collections.abc import Iterator
from itertools import count, cycle
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler

from tenants.lifecycle.provisioning import provision_tenant
from tenants.models import Tenant
from tenants.selectors import partners
from tests.bench.figures import Figure, milliseconds
from tests.bench.tenants import with_tenants
from tests.databases import as_owner, drop_strangers

# Many short rounds in turns: whatever else the machine does meets both alike.
SWITCHES = 100
ROUNDS = 100
BIRTHS = 20
MIGRATED = 3

_serial = count()


def tenant_switch() -> Iterator[Figure]:
    """Enter a tenant, ask one thing, and leave, against django-tenants' own engine, which sets only the path.

    Both are measured in turns on one machine, for they differ by microseconds.
    """
    plain, tenants = _plain_connection(), list(partners())
    ours, theirs = [], []
    for _round in range(ROUNDS):
        ours.append(_switches(connection, tenants))
        theirs.append(_switches(plain, tenants))
    yield Figure("tenant-switch", statistics.median(ours), "µs", baseline=statistics.median(theirs))
    yield Figure("tenant-switch.statements", _statements(connection), "queries", baseline=_statements(plain))
    plain.close()


def provision() -> Iterator[Figure]:
    """Make partners that can be served at once, against making their schemas by migrations with the same apps."""
    with as_owner():
        known = {tenant.slug for tenant in partners()}
        try:
            median, p99 = milliseconds(_be_born, BIRTHS)
            baseline = statistics.median(_migrate_one() for _run in range(MIGRATED))
            yield Figure("provision", median, "ms", p99, baseline)
        finally:
            drop_strangers(known)


def provision_among_many() -> Iterator[Figure]:
    """Make partners where a thousand are there already; the baseline is the same with hardly any."""
    with as_owner():
        known = {tenant.slug for tenant in partners()}
        try:
            alone, _p99 = milliseconds(_be_born, BIRTHS)
        finally:
            drop_strangers(known)
        with_tenants()
        known = {tenant.slug for tenant in partners()}
        try:
            among_many, p99 = milliseconds(_be_born, BIRTHS)
            yield Figure("provision.among-1000", among_many, "ms", p99, alone)
        finally:
            drop_strangers(known)


def _be_born() -> None:
    provision_tenant(
        slug=f"born-{next(_serial)}", name="Born", countries=["DE"], languages=["de", "en"], default_language="de"
    )


def _migrate_one() -> float:
    """Return the milliseconds that migrations take to make one tenant, in this process and without its start."""
    connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
    slug = f"migrated-{next(_serial)}"
    tenant = Tenant(slug=slug, schema_name=f"t_{slug.replace('-', '_')}", name="Migrated")
    begun = time.perf_counter()
    tenant.save()
    tenant.create_schema(check_if_exists=True, verbosity=0)
    return (time.perf_counter() - begun) * 1000


def _plain_connection() -> Any:
    """Return a connection of django-tenants' own engine to the same database, as the owner, for whom no role is set."""
    database = connection.settings_dict | (settings.OWNER_DATABASE or {}) | {"NAME": connection.settings_dict["NAME"]}
    return ConnectionHandler({"default": database | {"ENGINE": "django_tenants.postgresql_backend"}})["default"]


def _switches(used: Any, tenants: list[Tenant]) -> float:
    """Return the microseconds of one switch with one question."""
    turns = cycle(tenants)
    begun = time.perf_counter()
    for _switch in range(SWITCHES):
        used.set_tenant(next(turns))
        with used.cursor() as cursor:
            cursor.execute("SELECT 1")
        used.set_schema_to_public()
    return (time.perf_counter() - begun) / SWITCHES * 1_000_000


def _statements(used: Any) -> int:
    """Return how many statements a switch with one question sends."""
    tenant = partners()[0]
    used.force_debug_cursor = True
    used.queries_log.clear()
    used.set_tenant(tenant)
    with used.cursor() as cursor:
        cursor.execute("SELECT 1")
    used.force_debug_cursor = False
    return len(used.queries_log)
