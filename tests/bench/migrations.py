"""Migrating many tenants: nothing to do, and one column, against django-tenants' own executor on a few of them."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tenants.migrating.run import Limits, migrate_tenants
from tests.bench.figures import Figure
from tests.bench.tenants import COUNT, with_tenants
from tests.databases import become_app
from tests.tenants.ahead import COLUMN, code_ahead

# The peer takes a good part of a second for each; measured on these, it is reckoned up to all.
PEER_NOOP, PEER_ONE = 50, 20
# What ``migrate`` does where nothing else is said.
JOBS = 2


def migrate_noop() -> Iterator[Figure]:
    """Run ``migrate`` where nothing is to be done; the ratio says which part of the peer's time it takes."""
    schemas = with_tenants()
    call_command("migrate", stdout=StringIO())
    ours = _seconds(lambda: call_command("migrate", stdout=StringIO()))
    peer = _peer(schemas[:PEER_NOOP]) * COUNT / min(PEER_NOOP, COUNT)
    yield Figure("migrate-noop-1000", round(ours, 3), f"s for {COUNT} tenants", baseline=round(peer, 1))
    yield Figure("migrate-noop-1000.faster", round(peer / ours, 1), "times")
    become_app()


def migrate_one() -> Iterator[Figure]:
    """Add one nullable column to all tenants, and take it back; the baseline is the peer's tenants per second."""
    schemas = with_tenants()
    few, rest = schemas[:PEER_ONE], schemas[PEER_ONE:] or schemas[:PEER_ONE]
    with tempfile.TemporaryDirectory() as folder, code_ahead(Path(folder), COLUMN):
        peer = len(few) / _seconds(lambda: _peer(few))
        _take_back(few)
        for jobs in (1, JOBS):
            ours = len(rest) / _seconds(lambda jobs=jobs: _migrate(rest, jobs))  # type: ignore[misc]  # a lambda's default
            name = "migrate-one-1000" if jobs == JOBS else f"migrate-one-1000.jobs-{jobs}"
            yield Figure(name, round(ours, 1), "tenants/s", baseline=round(peer, 2))
            _take_back(rest)
    become_app()


def _migrate(schemas: Sequence[str], jobs: int) -> None:
    outcomes = list(migrate_tenants(schemas, Limits(jobs=jobs)))
    assert len(outcomes) == len(schemas)
    assert not [outcome for outcome in outcomes if outcome.error]


def _peer(schemas: Sequence[str]) -> float:
    """Migrate with django-tenants' standard executor, as it does one schema after the other, and return the seconds."""

    def run() -> None:
        for schema in schemas:
            call_command("migrate_schemas", schema_name=schema, interactive=False, verbosity=0)

    return _seconds(run)


def _take_back(schemas: Sequence[str]) -> None:
    for schema in schemas:
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {schema}.billing_payment DROP COLUMN note;"
                f"DELETE FROM {schema}.django_migrations WHERE app = 'billing' AND name = '0002_ahead'"
            )


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
