"""What PostgreSQL gives everybody is taken back, and given to who needs it (R3)."""

import subprocess
from collections.abc import Iterator

import psycopg2
import pytest
from django.core.checks import run_checks
from django.db import connection

from embedded.postgres import APP, CLOSING, OWNER, SUPERUSER, wheel_binaries
from tenants.isolation import checks
from tenants.isolation.grants import PLATFORM_CATALOG
from tenants.isolation.logins import OPEN_TO_EVERYBODY, fault_of_openness
from tenants.isolation.names import role_for
from tenants.models import PUBLIC
from tests.databases import ask_as_owner, ask_as_superuser

LEFT_TO_TENANTS = r"^pg_(sleep|backend_pid|typeof|column_size|client_encoding|(try_)?advisory_|get_serial_sequence)"
OF_TYPES = r"^pg_(lsn|snapshot|node_tree|ndistinct|dependencies|mcv_list|ddl_command)_"
TAKEN = r"^pg_|^lo_|^lo(read|write)$|^set_config$|^ts_(stat|rewrite)$|_to_xml|_description$|^acl(default|explode)$"
FRESH = "quartett_open"

RELATIONS = """
    SELECT relname FROM pg_class
     WHERE relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND relkind IN ('r', 'v')
       AND (has_table_privilege(%(role)s, oid, 'SELECT') OR has_table_privilege(%(role)s, oid, 'UPDATE'))
"""
FUNCTIONS = """
    SELECT proname FROM pg_proc
     WHERE pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege(%(role)s, oid, 'EXECUTE')
       AND proname ~ %(taken)s AND proname !~ %(left)s AND proname !~ %(types)s
"""
# The others are for superusers alone, whatever the rights say.
LANGUAGES = "SELECT lanname FROM pg_language WHERE lanpltrusted AND has_language_privilege(%(role)s, oid, 'USAGE')"
TEMPORARY = "SELECT 1 WHERE has_database_privilege(%(role)s, current_database(), 'TEMPORARY')"


def rights(role: str) -> dict[str, set[str]]:
    """Return what a role may read and call of the catalog; ``public`` is everybody."""
    values = {"role": role, "taken": TAKEN, "left": LEFT_TO_TENANTS, "types": OF_TYPES}
    asked = {"relations": RELATIONS, "functions": FUNCTIONS, "languages": LANGUAGES, "temporary": TEMPORARY}
    return {name: {found for (found,) in ask_as_owner(sql, values)} for name, sql in asked.items()}


NOTHING: dict[str, set[str]] = {"relations": set(), "functions": set(), "languages": set(), "temporary": set()}


@pytest.mark.parametrize("schema", ["t_nord", "t_sued", "tenants"])
def test_a_tenants_role_may_ask_the_catalog_nothing(db: None, schema: str) -> None:
    assert rights(role_for(schema)) == NOTHING


def test_everybody_may_ask_the_catalog_nothing(db: None) -> None:
    assert rights("public") == NOTHING


def test_the_platforms_role_has_of_the_catalog_what_is_declared(db: None) -> None:
    assert rights(role_for(PUBLIC)) == NOTHING | {
        "relations": {"pg_class", "pg_namespace"},
        "functions": {"pg_get_userbyid"},
    }
    assert len(PLATFORM_CATALOG) == 3


def test_the_logins_have_what_they_need(db: None) -> None:
    for login in (APP, OWNER):
        assert {"pg_class", "pg_type", "pg_roles"} <= rights(login)["relations"]
        assert {"set_config", "pg_get_userbyid"} <= rights(login)["functions"]
    assert "plpgsql" in rights(OWNER)["languages"]
    # Neither may read what only superusers read in a fresh PostgreSQL.
    assert not {"pg_authid", "pg_statistic", "pg_subscription"} & (
        rights(APP)["relations"] | rights(OWNER)["relations"]
    )


def test_the_house_is_closed(db: None) -> None:
    assert [found for found in run_checks(databases=["default"]) if found.id == "tenants.W001"] == []


@pytest.fixture
def fresh(db: None) -> Iterator[dict[str, object]]:
    """Yield psycopg2's parameters of a database as PostgreSQL makes it."""
    ask_as_superuser(f'DROP DATABASE IF EXISTS "{FRESH}"')
    ask_as_superuser(f'CREATE DATABASE "{FRESH}" TEMPLATE template0')
    yield connection.get_connection_params() | {"dbname": FRESH}
    ask_as_superuser(f'DROP DATABASE "{FRESH}"')


def test_a_server_of_ones_own_is_open_until_the_script_was_run(
    fresh: dict[str, object], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert fault_of_openness(fresh) == OPEN_TO_EVERYBODY
    monkeypatch.setattr(checks, "fault_of_openness", lambda _params: fault_of_openness(fresh))
    assert {found.id for found in checks.check_server(None, ["default"])} == {"tenants.W001"}
    # It serves all the same, and says so.
    checks.refuse_unsafe_server()
    assert OPEN_TO_EVERYBODY in caplog.text

    # By the words of its own first lines, and a second time, which changes nothing.
    for _run in range(2):
        subprocess.run(
            [
                str(wheel_binaries() / "psql"), "-h", str(fresh["host"]), "-p", str(fresh["port"]), "-U", SUPERUSER,
                "-d", FRESH, "-q", "-v", f"owner={OWNER}", "-v", f"app={APP}", "-f", str(CLOSING),
            ],
            check=True,
        )  # fmt: skip
        assert fault_of_openness(fresh) == ""
        app = psycopg2.connect(**fresh)
        with app.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_roles")
        app.close()
