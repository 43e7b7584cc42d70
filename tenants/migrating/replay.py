"""Migrating one schema with Django while its statements are written down, and running them in the others.

Schemas are made from one recording, so their constraints and indexes have the same names, and what Django says to
one is right for all that have applied the same migrations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import schema_context

from tenants.isolation import content_types

# What Django and Wagtail write after migrating: the book of migrations, content types and permissions.
ROWS = """
INSERT INTO {to}.django_migrations (app, name, applied)
    SELECT app, name, now() FROM {of}.django_migrations done WHERE NOT EXISTS (
        SELECT 1 FROM {to}.django_migrations own WHERE own.app = done.app AND own.name = done.name) ORDER BY done.id;
INSERT INTO {to}.django_content_type (app_label, model)
    SELECT app_label, model FROM {of}.django_content_type made WHERE NOT EXISTS (
        SELECT 1 FROM {to}.django_content_type own WHERE own.app_label = made.app_label AND own.model = made.model)
    ORDER BY made.id;
INSERT INTO {to}.auth_permission (name, content_type_id, codename)
    SELECT made.name, own.id, made.codename FROM {of}.auth_permission made
    JOIN {of}.django_content_type its ON its.id = made.content_type_id
    JOIN {to}.django_content_type own ON own.app_label = its.app_label AND own.model = its.model
    WHERE NOT EXISTS (
        SELECT 1 FROM {to}.auth_permission same WHERE same.content_type_id = own.id AND same.codename = made.codename)
    ORDER BY made.id;
"""


@dataclass(frozen=True)
class Recording:
    """What brought one schema up to date, to be said to the others."""

    schema: str
    statements: tuple[str, ...]

    def for_schema(self, schema: str, *, lock_timeout_s: float) -> str:
        """Return everything for one schema as one text, to be sent in one transaction."""
        quote = connection.ops.quote_name
        return "\n".join(
            (
                f"SET LOCAL search_path = {quote(schema)}, public;",
                f"SET LOCAL lock_timeout = '{int(lock_timeout_s * 1000)}ms';",
                *(f"{statement.rstrip().rstrip(';')};" for statement in self.statements),
                ROWS.format(to=quote(schema), of=quote(self.schema)),
            )
        )


def record(schema: str, *, lock_timeout_s: float) -> Recording:
    """Migrate one schema with Django, in one transaction, and return what was said to it."""
    try:
        with schema_context(schema), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{int(lock_timeout_s * 1000)}ms'")
            executor = MigrationExecutor(connection)
            targets = executor.loader.graph.leaf_nodes()
            with _written_down() as statements:
                executor.migrate(targets, plan=executor.migration_plan(targets))
            emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    finally:
        # Had it failed, content types would be remembered that are not there.
        content_types.forget()
    return Recording(schema, tuple(statements))


def replay(recording: Recording, schema: str, *, lock_timeout_s: float) -> None:
    """Bring another schema up to date in one transaction: it is old or new, never between."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(recording.for_schema(schema, lock_timeout_s=lock_timeout_s))


@contextmanager
def _written_down() -> Iterator[list[str]]:
    """Keep what schema editors execute on this connection."""
    wrapper = connections[connection.alias]
    statements: list[str] = []
    ordinary: Any = wrapper.SchemaEditorClass

    class WritingEditor(ordinary):
        def execute(self, sql: Any, params: Any = ()) -> None:
            text = str(sql) if params is None else self.connection.ops.compose_sql(str(sql), params)
            statements.append(text)
            super().execute(text, None)

    wrapper.SchemaEditorClass = WritingEditor
    try:
        yield statements
    finally:
        wrapper.SchemaEditorClass = ordinary
