"""What a schema lacks, and whether one schema's statements do for the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import connection, router
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
    """The migrations that a schema lacks, in order. ``acting`` are those of apps whose tables it holds.

    Those of the other apps are only written into its book: Django's routers let nothing of them happen there.
    """

    migrations: tuple[Migration, ...]
    acting: tuple[Migration, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Name them as ``app.name``."""
        return tuple(f"{migration.app_label}.{migration.name}" for migration in self.migrations)

    @property
    def is_replayable(self) -> bool:
        """Say whether the statements of one schema, run in one transaction, do for every schema of the group.

        What builds an index concurrently refuses a transaction before it asks whether it has anything to do here.
        """
        operations = (one for migration in self.migrations for one in migration.operations)
        refuses = any(isinstance(one, NotInTransactionMixin) for one in operations)
        return (
            bool(self.migrations)
            and not refuses
            and all(
                migration.atomic and all(_is_plain(operation) for operation in migration.operations)
                for migration in self.acting
            )
        )

    @property
    def is_atomic(self) -> bool:
        """Say whether all that changes tables runs in a transaction; what builds an index concurrently does not.

        What only writes rows, batch by batch, can be held up and begun again.
        """
        return all(migration.atomic or _writes_rows(migration) for migration in self.acting)


def plan_for(schema: str) -> Plan:
    """Plan what the schema lacks. This imports all migrations, which takes a good part of a second."""
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        lacking = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        acting = [one for one in lacking if router.allow_migrate(connection.alias, one.app_label)]
    return Plan(tuple(lacking), tuple(acting))


def _writes_rows(migration: Migration) -> bool:
    return all(isinstance(operation, RunPython) for operation in migration.operations)


def _is_plain(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return _are_plain(operation.database_operations)
    return type(operation).__module__.startswith(PLAIN) and not isinstance(operation, NEED_PYTHON)


def _are_plain(operations: Iterable[Operation]) -> bool:
    return all(_is_plain(operation) for operation in operations)
