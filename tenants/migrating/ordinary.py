"""Migrating one schema as Django does: what runs Python, or works outside of transactions, goes this way."""

from django.core.management import call_command
from django.db import connection


def migrate_ordinarily(schema: str, *, lock_timeout_s: float) -> None:
    """Apply what one schema lacks, each migration in a transaction of its own; 0 waits for locks for ever."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(lock_timeout_s * 1000)}ms"])
        call_command("migrate_schemas", schema_name=schema, interactive=False, verbosity=0)
    finally:
        # The limit goes with the connection.
        connection.close()
        connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
