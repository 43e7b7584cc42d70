"""Rows that one tenant has from another one. Needs the owner's login."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model


def copy_rows(models: Sequence[type[Model]], *, source: str, target: str) -> None:
    """Let the target schema's tables hold what the source's hold, and nothing else; what points to others comes last.

    Columns go by name, for a schema that was migrated may have them in another order than one that was cloned.
    """
    with connection.cursor() as cursor:
        for model in reversed(models):
            cursor.execute(f'DELETE FROM "{target}"."{model._meta.db_table}"')
        for model in models:
            table = model._meta.db_table
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            cursor.execute(f'INSERT INTO "{target}"."{table}" ({columns}) SELECT {columns} FROM "{source}"."{table}"')
    count_on(models, schema=target)


def count_on(models: Sequence[type[Model]], *, schema: str) -> None:
    """Let new rows have ids after those that were written with theirs."""
    with connection.cursor() as cursor:
        for model in models:
            table = f'"{schema}"."{model._meta.db_table}"'
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))"
                f" WHERE EXISTS (SELECT 1 FROM {table})",
                [table],
            )
