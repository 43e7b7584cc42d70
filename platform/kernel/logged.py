"""A row changes and lines about it are written in one round trip, or neither.

Django's UPDATE returns no row and takes no INSERT with it; everything else of both statements is Django's own.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.sql.subqueries import UpdateQuery

Row = TypeVar("Row", bound=Model)


def update_and_log(rows: QuerySet[Row], lines: Sequence[Model], *, about: str, **changes: Any) -> Row | None:
    """Change the one row that is found, write the new rows ``lines``, and return the row as it is now.

    ``about`` names the foreign key of every line to the row; the caller leaves it unset. None, and no line, where no
    row is found: as with every UPDATE, the filter is the lock.
    """
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(changes)  # type: ignore[attr-defined]  # of UpdateQuery
    statement, params = query.get_compiler(connection=connection).as_sql()
    parts = [f"changed AS ({statement} RETURNING {rows.model._meta.db_table}.*)"]
    values: list[Any] = [*params]
    for place, (_model, alike) in enumerate(groupby(lines, type)):
        insert, given = _insert(list(alike), about, key=f"changed.{rows.model._meta.pk.column}")
        parts.append(f"lines_{place} AS ({insert})")
        values += given
    return next(iter(rows.model._default_manager.raw(f"WITH {', '.join(parts)} SELECT * FROM changed", values)), None)


def _insert(lines: Sequence[Model], about: str, *, key: str) -> tuple[str, list[Any]]:
    """Return the INSERT of lines of one model, and its values."""
    meta = lines[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key and field.name != about]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    line = f"({', '.join(f'%s::{_plain_type(field)}' for field in fields)})"
    values = [field.get_db_prep_save(getattr(line, field.attname), connection) for line in lines for field in fields]
    statement = (
        f"INSERT INTO {meta.db_table} ({meta.get_field(about).column}, {columns}) SELECT {key}, line.*"
        f" FROM changed, (VALUES {', '.join([line] * len(lines))}) AS line ({columns})"
    )
    return statement, values


def _plain_type(field: "Field[Any, Any]") -> str:
    """Return the type of a column without its length: a cast would cut off what is too long, and an INSERT refuses."""
    return str(field.db_type(connection)).partition("(")[0]
