"""What a schema lacks, and whether one schema's statements do for the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.migrations import Migration, RenameModel, RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django_tenants.utils import schema_context

# Operations from these modules do what they do by statements alone. Others may ask the database or Python first.
PLAIN = ("django.db.migrations.operations.", "django.contrib.postgres.operations")
# Renaming a model renames its content type as well, which Django does in Python.
NEED_PYTHON = (RunPython, RenameModel)


@dataclass(frozen=True)
class Plan:
    """The migrations that a schema lacks, in order."""

    migrations: tuple[Migration, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Name them as ``app.name``."""
        return tuple(f"{migration.app_label}.{migration.name}" for migration in self.migrations)

    @property
    def is_replayable(self) -> bool:
        """Say whether the statements of one schema, run in one transaction, do for every schema of the group."""
        return bool(self.migrations) and all(
            migration.atomic and all(_is_plain(operation) for operation in migration.operations)
            for migration in self.migrations
        )

    @property
    def is_atomic(self) -> bool:
        """Say whether every migration runs in a transaction; one that builds an index concurrently does not."""
        return all(migration.atomic for migration in self.migrations)


def plan_for(schema: str) -> Plan:
    """Plan what the schema lacks. This imports all migrations, which takes a good part of a second."""
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Plan(tuple(migration for migration, _backwards in plan))


def _is_plain(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return _are_plain(operation.database_operations)
    return type(operation).__module__.startswith(PLAIN) and not isinstance(operation, NEED_PYTHON)


def _are_plain(operations: Iterable[Operation]) -> bool:
    return all(_is_plain(operation) for operation in operations)
