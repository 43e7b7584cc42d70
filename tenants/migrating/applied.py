"""Who has applied what: one query over the books of all schemas."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from tenants.migrating.migrations_on_disk import Name, fingerprint, migrations_on_disk

# So many schemas are asked in one statement; each is a table and an index that the statement locks.
AT_ONCE = 2000


@dataclass(frozen=True)
class Group:
    """Schemas that have applied the same migrations."""

    applied: frozenset[Name]
    schemas: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Say whether nothing is missing; what was applied and is no longer on disk does not count."""
        return migrations_on_disk() <= self.applied


def groups_by_applied(schemas: Sequence[str]) -> list[Group]:
    """Group schemas by what they have applied; one that does not exist has applied nothing.

    Asks two queries, and one more for each group that differs from the code.
    """
    with_books = _with_books(schemas)
    by_hash: dict[str, list[str]] = defaultdict(list)
    for begin in range(0, len(with_books), AT_ONCE):
        for schema, digest in _fingerprints(with_books[begin : begin + AT_ONCE]):
            by_hash[digest].append(schema)
    groups = [
        Group(migrations_on_disk() if digest == fingerprint() else applied_in(members[0]), tuple(members))
        for digest, members in by_hash.items()
    ]
    known = set(with_books)
    without = tuple(schema for schema in schemas if schema not in known)
    return [*groups, Group(frozenset(), without)] if without else groups


def applied_in(schema: str) -> frozenset[Name]:
    """Return what one schema has applied; its book must exist."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {_book(schema)}")
        return frozenset(cursor.fetchall())


def _with_books(schemas: Iterable[str]) -> list[str]:
    """Return the schemas, in order, that have a table of applied migrations."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT space.nspname FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace"
            " WHERE relname = 'django_migrations' AND space.nspname = ANY(%s) ORDER BY space.nspname",
            [list(schemas)],
        )
        return [name for (name,) in cursor.fetchall()]


def _fingerprints(schemas: Sequence[str]) -> list[tuple[str, str]]:
    """Compute in the database what ``migrations_on_disk.fingerprint`` computes from the files."""
    row = """
        SELECT '{schema}', encode(sha256(convert_to(
            string_agg(app || '.' || name, E'\\n' ORDER BY (app || '.' || name) COLLATE "C"), 'UTF8')), 'hex')
        FROM {book}"""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(row.format(schema=schema, book=_book(schema)) for schema in schemas))
        return [(schema, digest or "") for schema, digest in cursor.fetchall()]


def _book(schema: str) -> str:
    return f"{connection.ops.quote_name(schema)}.django_migrations"
