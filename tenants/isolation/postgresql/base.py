"""Entering a schema sets role and search path in one round trip.

The connection of the ``app`` login may become the role of every schema and has no right of its own, so a query that
forgets its tenant, or names another one's table, is refused by the database. The ``owner`` login migrates and makes
schemas; it owns what is in them and changes only the path.

The ``app`` login's cursors take one statement at a time and none that leads out of the role; only what the engine says
itself is not looked at.
"""

from typing import Any

from django.db.utils import InternalError
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls, get_public_schema_name, quote_schema_name
from psycopg2.errors import InFailedSqlTransaction

from tenants.isolation.names import OWNER, role_for
from tenants.isolation.postgresql.statements import GuardedCursor

JOINS_REORDERED = 5

_statements: dict[tuple[str, str, bool], tuple[list[str], str]] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is always inside one schema, as that schema's role."""

    search_path_set_schemas: list[str] | None
    _setting_search_path: bool

    def connect(self) -> None:
        """Connect; what looks at a new connection does so as the login itself, before any schema is entered."""
        self._setting_search_path = True
        try:
            super().connect()
        finally:
            self._setting_search_path = False
        if self.settings_dict["LOGIN"] != OWNER:
            self.connection.cursor_factory = GuardedCursor

    def init_connection_state(self) -> None:
        """Keep the planner from trying each order of many joins.

        Ours lead from a row to its one of something: an order with its eleven took three times as long to plan.
        """
        with self.connection.cursor() as cursor:
            cursor.execute(f"SET join_collapse_limit = {JOINS_REORDERED}")
        super().init_connection_state()

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Mean a schema from now on. The database is told with the next statement, unless it is there already."""
        there = self.search_path_set_schemas
        super().set_tenant(tenant, include_public)
        if there is not None and there == self._entering()[0]:
            self.search_path_set_schemas = there

    def forget_schema(self) -> None:
        """Tell the database anew with the next statement where that belongs, whatever was said before."""
        self.search_path_set_schemas = None

    def create_cursor(self, name: str | None = None) -> Any:
        """Make a cursor; the platform's may ask the catalog."""
        cursor = super().create_cursor(name)
        if self.schema_name == get_public_schema_name() and isinstance(cursor, GuardedCursor):
            cursor.is_in_tenant = False
        return cursor

    def _savepoint(self, sid: str) -> None:
        with self.cursor() as cursor:
            _tell(cursor, self.ops.savepoint_create_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        with self.cursor() as cursor:
            _tell(cursor, self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        with self.cursor() as cursor:
            _tell(cursor, self.ops.savepoint_commit_sql(sid))

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Tell the database where the next statement belongs, unless it knows.

        django-tenants swallows every database error here. Ours lets an unknown role or schema through: a tenant that
        does not exist must not fall through to the public schema.
        """
        if self._setting_search_path or (get_limit_set_calls() and self.search_path_set_schemas):
            return
        paths, statement = self._entering()
        self._setting_search_path = True
        used = self.connection.cursor() if cursor is None else cursor
        try:
            _tell(used, statement)
        except (InternalError, InFailedSqlTransaction):
            # The transaction is broken already; all it can still do is roll back.
            self.search_path_set_schemas = None
        else:
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False
            if cursor is None:
                used.close()

    def _entering(self) -> tuple[list[str], str]:
        """Return the search path and the statement that sets it; they follow from the schema's name alone."""
        key = (self.settings_dict["LOGIN"], self.schema_name, self.include_public_schema)
        if (found := _statements.get(key)) is not None:
            return found
        # django-tenants checks the names here: they hold no quotes.
        # Temporary tables come last, or one of them could stand in for a tenant's.
        paths = [*self._get_cursor_search_paths(), "pg_temp"]
        path = ",".join(quote_schema_name(name) for name in paths)
        statement = f"SET search_path = {path}"
        if self.settings_dict["LOGIN"] != OWNER:
            # One text is one round trip; a SELECT of two set_config() was measured to cost a quarter more.
            statement = f'SET ROLE "{role_for(self.schema_name)}"; {statement}'
        return _statements.setdefault(key, (paths, statement))


def _tell(cursor: Any, statement: str) -> None:
    """Send what the engine itself has to say."""
    raw = getattr(cursor, "cursor", cursor)
    if not isinstance(raw, GuardedCursor):
        cursor.execute(statement)
        return
    raw.is_trusted = True
    try:
        cursor.execute(statement)
    finally:
        raw.is_trusted = False
