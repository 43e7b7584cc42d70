"""A row changes and lines about it are written in one round trip, or neither.

Django's UPDATE returns no row and takes no INSERT with it; everything else of both statements is Django's own.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import F, Field, Model, QuerySet
from django.db.models.options import Options
from django.db.models.sql.subqueries import UpdateQuery

Row = TypeVar("Row", bound=Model)


def update_and_log(rows: QuerySet[Row], lines: Sequence[Model], *, about: str, **changes: Any) -> Row | None:
    """Change the one row that is found, write the new rows ``lines``, and return the row as it is now.

    ``about`` names the foreign key of every line to the row; the caller leaves it unset. A value ``F(name)`` of a line
    is what the row has there. None, and no line, where no row is found: as with every UPDATE, the filter is the lock.
    """
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(changes)  # type: ignore[attr-defined]  # of UpdateQuery
    statement, params = query.get_compiler(connection=connection).as_sql()
    meta, values = rows.model._meta, [*params]
    parts = [f"changed AS ({statement} RETURNING {meta.db_table}.*)"]
    for place, (_model, alike) in enumerate(groupby(lines, type)):
        insert, given = _insert(list(alike), about, row=meta)
        parts.append(f"lines_{place} AS ({insert})")
        values += given
    return next(iter(rows.model._default_manager.raw(f"WITH {', '.join(parts)} SELECT * FROM changed", values)), None)


def _insert(lines: Sequence[Model], about: str, *, row: "Options[Any]") -> tuple[str, list[Any]]:
    """Return the INSERT of lines of one model, and its values."""
    meta = lines[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key and field.name != about]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    written, values = [], []
    for line in lines:
        given = [(field, getattr(line, field.attname)) for field in fields]
        written.append(f"({', '.join(_placeholder(field, value, row) for field, value in given)})")
        values += [field.get_db_prep_save(value, connection) for field, value in given if not isinstance(value, F)]
    target = f"{meta.db_table} ({_column(meta, about)}, {columns})"
    source = f"changed, LATERAL (VALUES {', '.join(written)}) AS line ({columns})"
    statement = f"INSERT INTO {target} SELECT changed.{row.pk.column}, line.* FROM {source}"
    return statement, values


def _placeholder(field: "Field[Any, Any]", value: Any, row: "Options[Any]") -> str:
    """Return what stands for a value, with its type but for its length: a cast would cut off what is too long."""
    if isinstance(value, F):
        return f"changed.{_column(row, value.name)}"
    return f"%s::{str(field.db_type(connection)).partition('(')[0]}"


def _column(meta: "Options[Any]", field: str) -> str:
    return str(cast("Field[Any, Any]", meta.get_field(field)).column)
