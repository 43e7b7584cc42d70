"""The test run's databases: a template made once for each state of the migrations, copied in a second for each run."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import override_settings
from psycopg2 import extensions

from embedded.postgres import SUPERUSER
from tenants.context import platform_context, tenant_context
from tenants.isolation.logins import become_owner
from tenants.isolation.roles import ALL_TENANTS, app_login, drop_tenant_role, grant_platform
from tenants.models import PUBLIC, Tenant
from tests.migrations.states import fields_copied

ROOT = Path(__file__).resolve().parents[1]
# Before the names of the roles in the template that the processes copy.
SHARED_PREFIX = "quartett_template"
# What a database without partners is made of; a change in any of these files makes a new template.
MADE_OF = (
    "*/migrations/*.py", "platform/*/migrations/*.py", "tenants/**/*.py", "tenants/**/*.sql", "cms/*.py", "cms/data/*",
    "platform/catalog/*.py", "platform/catalog/data/*", "platform/places/data/*", "platform/places/*.py",
    "platform/skills/*.py", "platform/skills/data/*", "platform/crowd/starter.py", "platform/crowd/data/tests/*",
    "requirements/base.txt", "platform/config/settings/*.py", "tests/migrations/states.py",
)  # fmt: skip

# What tests commit: inside a partner, and on the platform.
COMMITTED_INSIDE = (
    "orders_order", "orders_bookingdraft", "billing_billseries", "catalog_voucher", "catalog_campaign", "events_event",
    "newsletters_issue", "newsletters_subscriber", "newsletters_suppression",
)  # fmt: skip
COMMITTED = (
    "crowd_friend", "dispatch_job", "outbox_message", "stripe_gateway_cardpayment", "bank_bankpayment",
    "bank_bankstatement", "bank_claim", "dues_partnerinvoice", "reconciliation_comparison", "reconciliation_reading",
)  # fmt: skip
PAID = (
    "payouts_line", "payouts_transfer", "payouts_commissioninvoice", "payouts_commissionseries", "payouts_payout",
    "payouts_download", "payouts_run", "payouts_bankaccount", "payouts_hold", "payouts_waiting",
    "stripe_gateway_connectaccount",
)  # fmt: skip


@contextmanager
def as_owner() -> Iterator[None]:
    """Work with the owner's login inside the block, and with the app's after it."""
    become_owner()
    try:
        yield
    finally:
        become_app()


@contextmanager
def as_app() -> Iterator[None]:
    """Work with the app's login inside the block, and with the owner's after it."""
    become_app()
    try:
        yield
    finally:
        become_owner()


def become_app() -> None:
    """Work with the login that serves."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict.update(settings.APP_DATABASE | {"ENGINE": "tenants.isolation.postgresql", "NAME": name})
    connection.settings_dict["LOGIN"] = "app"
    connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants


def ask_as_owner(sql: str, values: object = None) -> list[tuple]:
    """Return the rows that the owner gets, on a connection of its own: the test's transaction is not seen there."""
    database: dict[str, Any] = settings.OWNER_DATABASE or {}
    return _ask(sql, values, user=database["USER"], password=database["PASSWORD"])


def ask_as_login(sql: str, values: object = None) -> list[tuple]:
    """Return the rows that the login itself gets in the test's own session, before it becomes any role."""
    connection.ensure_connection()
    with connection.connection.cursor(cursor_factory=extensions.cursor) as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(sql, values)
        found = cursor.fetchall() if cursor.description else []
    connection.search_path_set_schemas = None  # type: ignore[attr-defined]  # the role was changed behind its back
    return found


def ask_as_superuser(sql: str) -> list[tuple]:
    """Run a statement of the embedded server's superuser, on a connection of its own."""
    return _ask(sql, None, user=SUPERUSER, password="")


def shared_template() -> str:
    """Return the name of the template of all processes, which is made where there is none."""
    with one_process_at_a_time():
        return _shared_template()


def make_test_database() -> None:
    """Make this process's own database and let the connection use it from now on."""
    own = template_database()
    with one_process_at_a_time():
        shared = _shared_template()
        if not _exists(own):
            _drop_templates(own.rpartition("_")[0])
            copy_database(shared, own)
            use_database(own)
            _give_rights_to_this_process()
            use_database("postgres")
    test = f"test_{settings.APP_DATABASE['NAME']}{settings.TEST_PROCESS}"
    copy_database(own, test)
    use_database(test)


@contextmanager
def one_process_at_a_time() -> Iterator[None]:
    """Let only one of the run's processes into the block: what it does there is for all of them."""
    with (Path(settings.DATA) / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def template_database() -> str:
    """Return the name of the database without partners, which nobody is connected to.

    Each process of a run has its own, for rights in it are given to roles of that process.
    """
    return f"{settings.APP_DATABASE['NAME']}{settings.TEST_PROCESS}_own_{_state()}"


@contextmanager
def elsewhere(name: str) -> Iterator[None]:
    """Work in another database inside the block, and after it in the one of before, whatever happened."""
    before = str(connection.settings_dict["NAME"])
    use_database(name)
    try:
        yield
    finally:
        use_database(before)


def use_database(name: str) -> None:
    """Work in another database from now on, with the login of before."""
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants


def drop_database(name: str) -> None:
    """Take away a database, and the connections that processes which were killed have left in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )
        # Not WITH (FORCE): only a superuser may end an autovacuum worker that is at it, and without force it yields.
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def copy_database(template: str, name: str) -> None:
    """Make a database as a copy of another one that nobody uses."""
    drop_database(name)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        # A copy takes over the rights in a database, but not those on it.
        cursor.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')


def drop_strangers(known: set[str]) -> None:
    """Take away every partner but the known ones, with schema and role."""
    with platform_context():
        strangers = list(Tenant.objects.exclude(slug__in=known).exclude(schema_name=PUBLIC))
        for tenant in strangers:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP SCHEMA IF EXISTS "{tenant.schema_name}" CASCADE')
            drop_tenant_role(tenant.schema_name)
        Tenant.objects.filter(pk__in=[tenant.pk for tenant in strangers]).delete()


def forget_committed(tenant: Tenant) -> None:
    """Take away the orders, friends, jobs and messages that a test has committed."""
    with as_owner():
        with tenant_context(tenant), connection.cursor() as cursor:
            empty(cursor, tenant.schema_name, COMMITTED_INSIDE)
            cursor.execute("DELETE FROM cms_newsletter")
        with connection.cursor() as cursor:
            empty(cursor, PUBLIC, COMMITTED)
            cursor.execute("DELETE FROM accounts_user WHERE kind = 'friend'")
            empty_the_books(cursor)


def empty(cursor: CursorWrapper, schema_name: str, tables: tuple[str, ...]) -> None:
    """Take away all rows of tables and of those that refer to them.

    Truncating makes the files of every table and of every index anew, so only those are that hold a row somewhere.
    """
    below = _with_referring(cursor, schema_name, tables)
    looks = (
        f"SELECT '{table}' WHERE " + " OR ".join(f'EXISTS (SELECT 1 FROM "{schema_name}"."{one}")' for one in referring)
        for table, referring in below.items()
    )
    cursor.execute(" UNION ALL ".join(looks))
    if found := [table for (table,) in cursor.fetchall()]:
        cursor.execute(f"TRUNCATE {', '.join(found)} CASCADE")


_referring: dict[tuple[str, tuple[str, ...]], dict[str, list[str]]] = {}


def _with_referring(cursor: CursorWrapper, schema_name: str, tables: tuple[str, ...]) -> dict[str, list[str]]:
    """Return each table with itself and all tables that refer to it, by whatever way; the catalog is asked once."""
    if (schema_name, tables) not in _referring:
        cursor.execute(
            "WITH RECURSIVE below AS (SELECT name AS root, format('%%I.%%I', %s, name)::regclass AS found"
            " FROM unnest(%s) name UNION SELECT root, conrelid::regclass FROM below"
            " JOIN pg_constraint ON confrelid = found AND contype = 'f')"
            " SELECT root, array_agg(relname::text) FROM below JOIN pg_class ON oid = found GROUP BY root",
            [schema_name, list(tables)],
        )
        _referring[schema_name, tables] = dict(cursor.fetchall())
    return _referring[schema_name, tables]


def empty_the_books(cursor: CursorWrapper) -> None:
    """Take away what is paid, and what is booked, which the books refuse until their triggers are switched off."""
    empty(cursor, PUBLIC, PAID)
    cursor.execute("SELECT EXISTS (SELECT 1 FROM ledger_account) OR EXISTS (SELECT 1 FROM ledger_closing)")
    if not cursor.fetchone()[0]:
        return
    tables = [f"ledger_{name}" for name in ("carried", "closing", "entry", "transaction", "account")]
    switches = {
        switch: [f"ALTER TABLE {table} {switch} TRIGGER ledger_stays_as_written" for table in tables]
        for switch in ("DISABLE", "ENABLE")
    }
    tables += ["payouts_line", "dues_billedentry", "dues_reminder", "dues_partnerinvoice", "dues_invoiceyear"]
    cursor.execute(";".join([*switches["DISABLE"], f"TRUNCATE {', '.join(tables)}", *switches["ENABLE"]]))


def _shared_template() -> str:
    """Make the template of all processes where there is none, and return its name.

    It gets its name at the end, so one that was left half made is made anew.
    """
    base = settings.APP_DATABASE["NAME"]
    name, unfinished = f"{base}_tpl_{_state()}", f"{base}_unfinished"
    if not _exists(name):
        _drop_templates(f"{base}_tpl")
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
            cursor.execute(f'CREATE DATABASE "{unfinished}"')
        use_database(unfinished)
        with override_settings(TENANT_ROLE_PREFIX=SHARED_PREFIX), fields_copied():
            call_command("migrate", stdout=StringIO())
        call_command("import_postal_codes", stdout=StringIO())
        call_command("plant_skills", stdout=StringIO())
        use_database("postgres")
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _give_rights_to_this_process() -> None:
    """Take the rights in a copy from the roles of the shared template, and give them to this process's roles."""
    with connection.cursor() as cursor:
        for schema_name in (PUBLIC, ALL_TENANTS):
            role = f"{SHARED_PREFIX}__{schema_name}"
            cursor.execute(f'GRANT "{role}" TO CURRENT_USER')
            cursor.execute(f'DROP OWNED BY "{role}"')
    grant_platform(app_login=app_login())


def _state() -> str:
    digest = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _drop_templates(begin: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{begin}_"])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _ask(sql: str, values: object, **login: str) -> list[tuple]:
    raw = psycopg2.connect(**connection.get_connection_params() | login)
    raw.autocommit = True
    try:
        with raw.cursor(cursor_factory=extensions.cursor) as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        raw.close()
