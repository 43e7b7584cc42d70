"""A tenant whose schema lacks migrations is not served: its pages and tasks would fail in the middle."""

from django.db import connection

from tenants.errors import SchemaBehind
from tenants.migrating.migrations_on_disk import migrations_on_disk

# Schemas do not lose migrations while a process lives, so one good answer is enough; a bad one is asked again.
_current: set[str] = set()
_behind: set[str] = set()


def is_behind(schema_name: str) -> bool:
    """Say whether the schema lacks a migration that this process's code has. Run inside the schema.

    Asks one query, once for each process and schema.
    """
    if schema_name in _current:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {connection.ops.quote_name(schema_name)}.django_migrations")
        applied = set(cursor.fetchall())
    if migrations_on_disk() <= applied:
        _current.add(schema_name)
        _behind.discard(schema_name)
        return False
    _behind.add(schema_name)
    return True


def refuse_if_behind(schema_name: str) -> None:
    """Let nobody work in a schema that lacks migrations.

    Raises SchemaBehind.
    """
    if is_behind(schema_name):
        raise SchemaBehind


def known_behind() -> int:
    """Return how many tenants this process has refused and not served since."""
    return len(_behind)


def forget() -> None:
    """Ask again for every schema; for tests that take migrations back."""
    _current.clear()
    _behind.clear()
