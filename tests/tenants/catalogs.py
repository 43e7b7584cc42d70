"""What PostgreSQL's catalog says of a schema, without the schema's name and without object numbers."""

import re
from typing import Any

from django.db import connection

Rows = list[tuple[Any, ...]]

# Each query takes the schema's name once and tells one part of it; names are compared, numbers are not. The columns of
# an index are compared by its definition: PostgreSQL keeps a former name in them when a table's column is renamed.
QUERIES = {
    "pg_class": """
        SELECT relname, relkind, relpersistence, relreplident, relrowsecurity, reloptions, am.amname
          FROM pg_class c LEFT JOIN pg_am am ON am.oid = c.relam WHERE relnamespace = %s::regnamespace""",
    "pg_attribute": """
        SELECT c.relname, a.attname, rank() OVER (PARTITION BY c.oid ORDER BY a.attnum),
               format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
               attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relnamespace = %s::regnamespace AND NOT a.attisdropped AND a.attnum > 0 AND c.relkind <> 'i'""",
    "pg_constraint": """
        SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred, convalidated,
               pg_get_constraintdef(oid), confrelid::regclass::text
          FROM pg_constraint WHERE connamespace = %s::regnamespace""",
    "pg_index": """
        SELECT indexrelid::regclass::text, indisunique, indisprimary, indisexclusion, indisvalid,
               pg_get_indexdef(indexrelid)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = %s::regnamespace""",
    "pg_trigger": """
        SELECT t.tgrelid::regclass::text, t.tgenabled, t.tgisinternal, pg_get_triggerdef(t.oid)
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = %s::regnamespace""",
    "pg_proc": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %s::regnamespace",
    "pg_type": """
        SELECT typname, typtype,
               (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
          FROM pg_type t WHERE typnamespace = %s::regnamespace""",
    "pg_description": """
        SELECT pg_describe_object(d.classoid, d.objoid, d.objsubid), description
          FROM pg_description d JOIN pg_class c ON c.oid = d.objoid WHERE c.relnamespace = %s::regnamespace""",
    "pg_sequences": """
        SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size,
               last_value
          FROM pg_sequences WHERE schemaname = %s""",
    "pg_depend": """
        SELECT pg_describe_object(d.classid, d.objid, d.objsubid),
               pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), d.deptype
          FROM pg_depend d
         WHERE pg_describe_object(d.classid, d.objid, d.objsubid) LIKE '%%' || %s || '.%%'""",
}  # fmt: skip


def catalog_of(schema_name: str) -> dict[str, Rows]:
    """Return every part of the schema, sorted, with the schema's own name replaced."""
    found: dict[str, Rows] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', 'pg_catalog', false)")
        for part, query in QUERIES.items():
            cursor.execute(query, [schema_name])
            found[part] = sorted((_without_name(row, schema_name) for row in cursor.fetchall()), key=repr)
        found["rows"] = _rows_of(cursor, schema_name)
    connection.search_path_set_schemas = None  # type: ignore[attr-defined]  # the path was changed behind its back
    return found


def _rows_of(cursor: Any, schema_name: str) -> Rows:
    """Return a hash of the rows of every table."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema_name])
    tables = [name for (name,) in cursor.fetchall()]
    hashes: Rows = []
    for table in tables:
        cursor.execute(
            f'SELECT count(*), md5(string_agg(row::text, \'\' ORDER BY row::text)) FROM "{schema_name}"."{table}" row'
        )
        hashes.append((table, *cursor.fetchone()))
    return hashes


def _without_name(row: tuple[Any, ...], schema_name: str) -> tuple[Any, ...]:
    return tuple(_plain(value, schema_name) if isinstance(value, str) else value for value in row)


def _plain(text: str, schema_name: str) -> str:
    """Replace names and numbers that differ by nature.

    PostgreSQL prints ``state IN ('a', 'b')`` with the casts on the array the first time it is parsed, and on each
    element once it has read its own print; the casts and their brackets are left out.
    """
    text = re.sub(
        r"(RI_ConstraintTrigger_[ac]_|pg_toast_|toast table )\d+", r"\1N", text.replace(schema_name, "SCHEMA")
    )
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", text) if "ARRAY[" in text else text
