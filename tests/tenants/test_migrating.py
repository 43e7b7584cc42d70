"""Migrations at scale: one command, planned once, resumable, and nobody is served half migrated."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from dispatch.models import Deadline, Offer
from journeys.order.deadlines import LATER, sweep
from kernel.clock import now
from outbox.models import Message
from outbox.services import message, post_all, relay
from tenants.context import tenant_context
from tenants.errors import SchemaBehind
from tenants.isolation.logins import become_owner
from tenants.isolation.names import TEMPLATE_SCHEMA, role_for
from tenants.isolation.roles import ALL_TENANTS, drop_tenant_role
from tenants.lifecycle.provisioning import provision_tenant
from tenants.migrating import behind
from tenants.migrating.applied import applied_in, groups_by_applied
from tenants.migrating.locks import only_one
from tenants.migrating.plans import plan_for
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.cast import book, register_friend
from tests.databases import as_owner, become_app, copy_database, drop_database, elsewhere, template_database
from tests.running import wait_until
from tests.tenants.ahead import COLUMN, CONCURRENT, PLAIN, PYTHON, code_ahead

SLUGS = ("mig-one", "mig-three", "mig-two")
ONE, THREE, TWO = SCHEMAS = ("t_mig_one", "t_mig_three", "t_mig_two")
NEW = ("billing", "0002_ahead")
SHAPE = """
    SELECT 'constraint', conrelid::regclass::text, conname, replace(pg_get_constraintdef(con.oid), %(schema)s, '')
    FROM pg_constraint con JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = %(schema)s
    UNION ALL SELECT 'index', tablename, indexname, replace(indexdef, %(schema)s, '')
    FROM pg_indexes WHERE schemaname = %(schema)s
    UNION ALL SELECT 'column', table_name, column_name, data_type || is_nullable || coalesce(identity_generation, '')
    FROM information_schema.columns WHERE table_schema = %(schema)s
"""
# PostgreSQL prints a condition that was dumped and read again with other, equal casts.
CASTS = re.compile(r"::[a-z ]+(\[\])?|[()]")


def make(slug: str) -> Tenant:
    """Make a partner."""
    return provision_tenant(slug=slug, name=slug, languages=["de", "en"], default_language="de", countries=["DE"])


@pytest.fixture(scope="module")
def three_partners(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Make a database of its own with three partners, and return its name."""
    name = f"{connection.settings_dict['NAME']}_three"
    with django_db_blocker.unblock(), as_owner():
        with elsewhere("postgres"):
            copy_database(template_database(), name)
        with elsewhere(name):
            for slug in SLUGS:
                make(slug)
    yield name
    with django_db_blocker.unblock(), as_owner():
        with elsewhere("postgres"):
            drop_database(name)
        for schema in (*SCHEMAS, "t_mig_four", "t_mig_five"):
            drop_tenant_role(schema)


@pytest.fixture
def partners(three_partners: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Work as the owner in a copy of the database with three partners, on a clock that runs.

    Processes and threads that wait for each other by a clock that stands still wait for ever.
    """
    name = f"{three_partners}_copy"
    with django_db_blocker.unblock(), as_owner(), time_machine.travel(now(), tick=True):
        with elsewhere("postgres"):
            copy_database(three_partners, name)
        behind.forget()
        with elsewhere(name):
            yield
        behind.forget()
        become_owner()
        with elsewhere("postgres"):
            drop_database(name)


def migrate(**options: Any) -> str:
    """Run the command and return what it said."""
    out = StringIO()
    call_command("migrate", stdout=out, **options)
    return out.getvalue()


def execute(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def who_has_it() -> set[str]:
    """Return the schemas that have the new migration."""
    return {schema for schema in SCHEMAS if NEW in applied_in(schema)}


def shape(schema: str) -> set[tuple[Any, ...]]:
    """Return constraints, indexes and columns of a schema as the catalog tells them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {schema}")
        cursor.execute(SHAPE, {"schema": schema})
        found = {(*names, CASTS.sub("", definition)) for *names, definition in cursor.fetchall()}
        cursor.execute("SET search_path = public")
    return found


@contextmanager
def held(table: str) -> Iterator[BaseDatabaseWrapper]:
    """Read a table in a transaction that stays open, as a slow request does."""
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        yield own
    finally:
        own.close()


def somebody_waits(asking: BaseDatabaseWrapper) -> bool:
    """Say whether a statement on this database waits for a table."""
    with asking.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE NOT granted AND datname = current_database()"
        )
        return cursor.fetchone() is not None


def test_where_all_is_current_nothing_is_done_and_five_cost_as_many_queries_as_two(partners: None) -> None:
    migrate()
    with CaptureQueriesContext(connection) as for_three:
        said = migrate()
    assert "3 partners: 0 migrated, 0 failed, 3 left as is" in said

    make("mig-four")
    make("mig-five")
    # Making partners ends in another schema; the next statement goes back to public.
    execute("SELECT 1")
    with CaptureQueriesContext(connection) as for_five:
        said = migrate()

    assert "5 partners: 0 migrated, 0 failed, 5 left as is" in said
    assert len(for_five) == len(for_three)
    assert not [query for query in for_five if re.search(r"INSERT|UPDATE|ALTER|GRANT|POLICY", query["sql"])]


def test_a_migration_reaches_all_with_the_names_of_a_migrated_schema(partners: None, tmp_path: Path) -> None:
    assert shape(TWO) == shape(TEMPLATE_SCHEMA)
    with code_ahead(tmp_path, PLAIN):
        assert plan_for(TWO).is_replayable
        said = migrate()

        assert who_has_it() == set(SCHEMAS)
        # The template was migrated by Django, the others by what was said to the first of them.
        assert ("index", "billing_extra", "extra_by_code") in {row[:3] for row in shape(TWO)}
        for schema in SCHEMAS:
            assert shape(schema) == shape(TEMPLATE_SCHEMA)
        for slug in SLUGS:
            assert re.search(rf"{slug}: (\d+) → (\d+) migrations, \d+\.\d\d s, ok", said)
        assert "3 partners: 3 migrated, 0 failed, 0 left as is" in said
        assert "3 left as is" in migrate()


def test_content_types_and_permissions_come_along(partners: None, tmp_path: Path) -> None:
    execute(f"DELETE FROM {TWO}.auth_permission WHERE codename = 'add_payment'")
    asked = "SELECT codename FROM {}.auth_permission ORDER BY codename"
    assert execute(asked.format(TWO)) != execute(asked.format(ONE))

    with code_ahead(tmp_path, COLUMN):
        migrate()

    assert execute(asked.format(TWO)) == execute(asked.format(ONE))


def test_the_tenants_role_may_read_and_write_a_new_table_and_no_other_role_may(partners: None, tmp_path: Path) -> None:
    with code_ahead(tmp_path, PLAIN):
        migrate()

    for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        asked = "SELECT has_table_privilege(%s, %s, %s)"
        assert execute(asked, role_for(TWO), f"{TWO}.billing_extra", privilege) == [(True,)]
        assert execute(asked, role_for(ONE), f"{TWO}.billing_extra", privilege) == [(False,)]


def test_a_new_partner_is_current_because_the_template_was_recorded_anew(partners: None, tmp_path: Path) -> None:
    with code_ahead(tmp_path, PLAIN):
        migrate()
        tenant = make("mig-four")

        assert NEW in applied_in(tenant.schema_name)
        assert shape(tenant.schema_name) == shape(TEMPLATE_SCHEMA)


@pytest.mark.parametrize("broken", SCHEMAS)
def test_who_fails_stays_old_the_others_go_on_and_the_next_run_repairs_it(
    partners: None, tmp_path: Path, broken: str
) -> None:
    execute(f"CREATE TABLE {broken}.billing_extra (id int)")
    with code_ahead(tmp_path, PLAIN):
        out = StringIO()
        with pytest.raises(CommandError, match="Run migrate again"):
            call_command("migrate", stdout=out)
        assert who_has_it() == set(SCHEMAS) - {broken}
        assert not execute(
            "SELECT 1 FROM information_schema.columns"
            f" WHERE table_schema = '{broken}' AND table_name = 'billing_payment' AND column_name = 'note'"
        )
        assert re.search(r"failed: ProgrammingError: relation .billing_extra. already exists", out.getvalue())
        assert "2 migrated, 1 failed" in out.getvalue()

        execute(f"DROP TABLE {broken}.billing_extra")
        assert "1 migrated, 0 failed, 2 left as is" in migrate()
        assert shape(broken) == shape(TEMPLATE_SCHEMA)


def test_fail_fast_stops_at_the_first(partners: None, tmp_path: Path) -> None:
    execute(f"CREATE TABLE {ONE}.billing_extra (id int)")

    with code_ahead(tmp_path, PLAIN), pytest.raises(CommandError):
        migrate(fail_fast=True, jobs=1)

    assert who_has_it() == set()


@pytest.mark.parametrize("migration", [PYTHON, CONCURRENT], ids=["python", "concurrently"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_replayed_runs_in_each(partners: None, tmp_path: Path, migration: str, jobs: int) -> None:
    with code_ahead(tmp_path, migration):
        assert not plan_for(TWO).is_replayable
        said = migrate(jobs=jobs)

        assert who_has_it() == set(SCHEMAS)
        assert "3 migrated, 0 failed" in said
        for schema in SCHEMAS:
            made = execute(f"SELECT 1 FROM {schema}.auth_group WHERE name = 'Made in Python'")
            built = execute(f"SELECT 1 FROM pg_indexes WHERE schemaname = '{schema}' AND indexname = 'payment_by_day'")
            assert bool(made) == (migration is PYTHON)
            assert bool(built) == (migration is CONCURRENT)


def test_python_in_an_app_of_the_platform_keeps_no_partner_from_being_replayed(partners: None) -> None:
    for schema in SCHEMAS:
        execute(f"DELETE FROM {schema}.django_migrations WHERE app = 'dispatch' AND name >= '0008_mask_open_briefs'")
    plan = plan_for(TWO)
    assert "dispatch.0008_mask_open_briefs" in plan.names
    assert plan.is_replayable

    assert "3 migrated, 0 failed" in migrate()

    assert plan_for(TWO).migrations == ()


def test_an_index_built_concurrently_in_an_app_of_the_platform_stops_no_partner(partners: None) -> None:
    """Nothing of it happens in a partner's schema, but Django refuses it in a transaction all the same."""
    for schema in SCHEMAS:
        execute(f"DELETE FROM {schema}.django_migrations WHERE app = 'bank' AND name >= '0004_twins'")
    assert not plan_for(TWO).is_replayable

    assert "3 migrated, 0 failed" in migrate()

    assert plan_for(TWO).migrations == ()


def test_one_partner_can_go_first(partners: None, tmp_path: Path) -> None:
    with code_ahead(tmp_path, PLAIN):
        migrate(tenant="mig-two")
        assert who_has_it() == {TWO}

        with pytest.raises(CommandError, match="no partner"):
            migrate(tenant="mig-nobody")


def test_the_plan_names_groups_and_does_nothing(partners: None, tmp_path: Path) -> None:
    with code_ahead(tmp_path, PLAIN):
        migrate(tenant="mig-two")
        said = migrate(plan=True)

        assert "1 partners (mig-two): up to date" in said
        assert "2 partners (mig-one, mig-three): 1 to apply, recorded once and replayed\n  billing.0002_ahead" in said
        assert who_has_it() == {TWO}


def test_naming_an_app_is_refused_in_words(partners: None) -> None:
    with pytest.raises(CommandError, match="takes no app"):
        call_command("migrate", "billing", "zero")
    with pytest.raises(CommandError, match="--jobs"):
        migrate(jobs=0)
    with pytest.raises(CommandError, match="--lock-timeout"):
        migrate(lock_timeout=0.0)


def test_a_table_in_use_is_tried_again(partners: None, tmp_path: Path) -> None:
    with code_ahead(tmp_path, COLUMN), held(f"{TWO}.billing_payment") as slow:
        slow.inc_thread_sharing()

        def let_go() -> None:
            wait_until(lambda: somebody_waits(connection), pause_s=0.01)
            wait_until(lambda: not somebody_waits(connection), pause_s=0.01)
            slow.close()
            connection.close()

        helper = Thread(target=let_go)
        helper.start()
        said = migrate(lock_timeout=0.1)
        helper.join()

        assert "3 migrated, 0 failed" in said


def test_a_second_migrate_says_that_it_waits(partners: None) -> None:
    out, second = StringIO(), Thread()

    def run() -> None:
        try:
            call_command("migrate", stdout=out)
        finally:
            connection.close()

    with only_one(lambda: pytest.fail("nobody else is at work")):
        second = Thread(target=run)
        second.start()
        wait_until(lambda: "Another migrate is at work" in out.getvalue(), pause_s=0.01)
        assert "left as is" not in out.getvalue()
    second.join()

    assert "3 left as is" in out.getvalue()


def test_killed_in_the_middle_every_partner_is_old_or_new(partners: None, tmp_path: Path) -> None:
    with code_ahead(tmp_path, PLAIN):
        # The kill shall meet the last of the three, while it waits for a table in use.
        with held(f"{TWO}.billing_payment"):
            connection.close()
            process = get_context("fork").Process(target=migrate, kwargs={"jobs": 1, "lock_timeout": 30.0})
            process.start()
            wait_until(lambda: somebody_waits(connection), pause_s=0.01)
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
            assert who_has_it() == {ONE, THREE}
        wait_until(lambda: not somebody_waits(connection), pause_s=0.01)
        assert who_has_it() == {ONE, THREE}
        assert shape(ONE) == shape(TEMPLATE_SCHEMA)

        assert "1 migrated, 0 failed, 2 left as is" in migrate()
        assert shape(TWO) == shape(TEMPLATE_SCHEMA)


def test_a_partner_without_a_schema_is_reported(partners: None) -> None:
    execute(f"ALTER SCHEMA {TWO} RENAME TO t_elsewhere")
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("migrate", stdout=out)

    assert "mig-two: 0 → 0 migrations, 0.00 s, failed: The schema does not exist" in out.getvalue()


def test_rights_that_were_lost_come_back(partners: None) -> None:
    execute(f'REVOKE "{role_for(ALL_TENANTS)}" FROM "{role_for(TWO)}"')
    asked = f"SELECT has_table_privilege('{role_for(TWO)}', 'public.places_postalcode', 'SELECT')"
    assert execute(asked) == [(False,)]

    migrate()

    assert execute(asked) == [(True,)]


def test_who_is_behind_gets_a_page_that_says_so_and_the_others_are_served(partners: None) -> None:
    execute(f"DELETE FROM {TWO}.django_migrations WHERE app = 'billing'")
    become_app()
    late, other = Client(headers={"host": "mig-two.localhost"}), Client(headers={"host": "mig-one.localhost"})

    for path, text in (("/de/", "In wenigen Minuten wieder da"), ("/en/packages/", "Back in a few minutes")):
        answer = late.get(path)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "60"
        assert answer["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in answer
        assert text in answer.content.decode()
    assert late.post("/admin/login/", {"username": "x"}).status_code == 503
    assert late.get("/health/").status_code == 503
    assert other.get("/de/packages/").status_code == 200
    health = Client(headers={"host": "app.localhost"}).get("/health/")
    assert (health.status_code, health["Quartett-Tenants-Behind"]) == (200, "1")
    with pytest.raises(SchemaBehind), tenant_context(tenant_by_slug("mig-two")):
        pass

    with as_owner():
        execute(
            f"INSERT INTO {TWO}.django_migrations (app, name, applied)"
            f" SELECT app, name, applied FROM {ONE}.django_migrations WHERE app = 'billing'"
        )
    assert late.get("/de/packages/").status_code == 200
    assert Client(headers={"host": "app.localhost"}).get("/health/")["Quartett-Tenants-Behind"] == "0"


def test_a_page_asks_about_migrations_once_in_a_process(nord: Tenant, visitor: Client) -> None:
    behind.forget()

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get("/de/packages/").status_code == 200
        return [query["sql"] for query in queries if "django_migrations" in query["sql"]]

    assert len(asked()) == 1
    assert asked() == []


def test_deadlines_of_a_partner_that_is_behind_wait_and_are_not_lost(
    nord: Tenant, four_near: dict[str, object], clock: Any, tmp_path: Path
) -> None:
    finn = register_friend("Finn", km=12, communities=[nord.pk])
    book(nord)
    book(nord)
    clock.shift(timedelta(minutes=31))

    with code_ahead(tmp_path, COLUMN):
        assert sweep(now=now()) == 2
        assert sweep(now=now()) == 0
    assert not Offer.objects.filter(friend=finn).exists()
    assert set(Deadline.objects.filter(wave=1).values_list("done_at", "due_at")) == {(None, now() + LATER)}

    clock.shift(LATER)
    assert sweep(now=now()) == 2
    assert Offer.objects.filter(friend=finn).count() == 2


def test_messages_of_a_partner_that_is_behind_wait_without_a_failed_attempt(
    nord: Tenant, clock: Any, tmp_path: Path
) -> None:
    delivered: list[str] = []

    def deliver(message: Message) -> None:
        if message.tenant_id:
            with tenant_context(nord):
                delivered.append(message.key)
        else:
            delivered.append(message.key)

    post_all([message(key="of-nord", topic="test", tenant_id=nord.pk, now=now())])
    post_all([message(key="of-the-platform", topic="test", tenant_id=None, now=now())])
    with code_ahead(tmp_path, COLUMN):
        assert relay({"test": deliver}, now=now(), limit=10) == 1
    late = Message.objects.get(key="of-nord")
    assert (late.attempts, late.last_error, late.due_at) == (0, "", now() + timedelta(minutes=1))

    assert relay({"test": deliver}, now=now() + timedelta(minutes=1)) == 1
    assert delivered == ["of-the-platform", "of-nord"]


def test_groups_are_told_in_few_queries(partners: None, tmp_path: Path) -> None:
    execute("SELECT 1")
    with CaptureQueriesContext(connection) as queries:
        (group,) = groups_by_applied(SCHEMAS)
    assert (set(group.schemas), group.is_current, len(queries)) == (set(SCHEMAS), True, 2)

    execute(f"DELETE FROM {TWO}.django_migrations WHERE app = 'billing'")
    with CaptureQueriesContext(connection) as queries:
        groups = groups_by_applied(SCHEMAS)
    assert {(group.schemas, group.is_current) for group in groups} == {((ONE, THREE), True), ((TWO,), False)}
    assert len(queries) == 3
