"""What the database itself allows: the declared table is the catalog's, and no right leads out (R3)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.context import platform_context, tenant_context
from tenants.isolation.grants import GRANTS, PLATFORM_LIMITS
from tenants.isolation.names import TEMPLATE_SCHEMA, role_for
from tenants.isolation.roles import ALL_TENANTS
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.databases import ask_as_login

ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}
Right = tuple[str, str]


def catalog(sql: str, *values: object) -> list[tuple]:
    return ask_as_login(sql, values or None)


def rows(sql: str, *values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def table_rights(role: str) -> set[tuple[str, str, str]]:
    """Return (schema, table, privilege) of a role, out of the catalog, which hides nothing from anybody."""
    return set(
        catalog(
            "SELECT n.nspname, c.relname, a.privilege_type FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace,"
            " aclexplode(c.relacl) a WHERE c.relkind IN ('r','p','v','m') AND a.grantee = %s::regrole",
            f'"{role}"',
        )
    )


def column_rights(role: str) -> set[tuple[str, str, str, str]]:
    return set(
        catalog(
            "SELECT n.nspname, c.relname, t.attname, a.privilege_type FROM pg_attribute t"
            " JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,"
            " aclexplode(t.attacl) a WHERE a.grantee = %s::regrole",
            f'"{role}"',
        )
    )


def tables_of(schema: str) -> list[str]:
    found = catalog("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", schema)
    return [table for (table,) in found]


def test_the_tenants_rights_in_public_are_those_of_the_declared_table(db: None) -> None:
    role = role_for(ALL_TENANTS)
    declared = {("public", grant.table, grant.privilege) for grant in GRANTS if not grant.columns}
    by_column = {("public", grant.table, name, grant.privilege) for grant in GRANTS for name in grant.columns}

    assert table_rights(role) == declared
    assert column_rights(role) == by_column


@pytest.mark.parametrize("slug", ["nord", "sued"])
def test_a_tenant_has_no_right_of_its_own_in_public(db: None, slug: str) -> None:
    role = role_for(f"t_{slug}")

    assert [right for right in table_rights(role) if right[0] == "public"] == []
    assert column_rights(role) == set()


@pytest.mark.parametrize("slug", ["nord", "sued"])
def test_a_tenant_has_all_rights_at_home_and_none_in_any_other_schema(db: None, slug: str) -> None:
    home = f"t_{slug}"
    rights = table_rights(role_for(home))
    expected = {(home, table, right) for table in tables_of(home) for right in ALL}
    expected -= {(home, "django_migrations", right) for right in ALL - {"SELECT"}}

    assert {right for right in rights if right[0] != "public"} == expected


def test_the_platforms_rights_are_all_of_public_but_the_limits(db: None) -> None:
    expected = {("public", table, right) for table in tables_of("public") for right in ALL}
    for table, allowed in PLATFORM_LIMITS.items():
        expected -= {("public", table, right) for right in ALL - set(filter(None, allowed.split(", ")))}

    rights = {right for right in table_rights(role_for("public")) if right[0] != "pg_catalog"}
    assert rights == expected
    assert column_rights(role_for("public")) == set()


def test_row_limits_are_those_of_the_declared_table(db: None) -> None:
    platform = role_for("public")
    limited = {grant.table: grant.privilege for grant in GRANTS if grant.rows}
    found = catalog("SELECT tablename, policyname, cmd, roles FROM pg_policies WHERE schemaname = 'public'")

    assert {(table, name, command, *roles) for table, name, command, roles in found} == {
        *((table, "own_rows", privilege, "public") for table, privilege in limited.items()),
        *((table, "platform", "ALL", platform) for table in limited),
    }
    switched_on = catalog("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    assert {table for (table,) in switched_on} == set(limited)


def test_nobody_has_rights_by_default_and_the_login_that_serves_none_of_its_own(db: None) -> None:
    (login,) = rows("SELECT session_user")[0]
    granted = catalog(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " aclexplode(c.relacl) a WHERE (a.grantee = 0 OR a.grantee = %s::regrole)"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
        f'"{login}"',
    )
    assert granted == []
    owned = catalog("SELECT relname FROM pg_class WHERE relowner = %s::regrole", f'"{login}"')
    assert owned == []
    powers = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolinherit FROM pg_roles"
    assert catalog(f"{powers} WHERE rolname = session_user") == [(False,) * 5]
    # Nor may anybody make something in a schema.
    makers = catalog(
        "SELECT nspname, r.rolname FROM pg_namespace, pg_roles r"
        " WHERE has_schema_privilege(r.oid, pg_namespace.oid, 'CREATE') AND r.rolname LIKE %s AND nspname !~ '^pg_'",
        role_for("") + "%",
    )
    assert makers == []


def test_tenants_are_members_of_their_common_role_only_and_no_role_can_do_anything_special(db: None) -> None:
    special = catalog(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE %s"
        " AND (rolsuper OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolbypassrls)",
        role_for("") + "%",
    )
    memberships = catalog(
        "SELECT DISTINCT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname LIKE %s",
        role_for("") + "%",
    )

    assert special == []
    assert {role_for("t_nord"), role_for("t_sued")} <= {member for member, _role in memberships}
    assert {role for _member, role in memberships} == {role_for(ALL_TENANTS)}
    assert not {role_for("public"), role_for(ALL_TENANTS)} & {member for member, _role in memberships}


def attempts_on(schema: str, table: str, column: str) -> Iterator[str]:
    """Yield a statement of each kind on a table."""
    named = f'"{schema}"."{table}"'
    yield f"SELECT 1 FROM {named} LIMIT 1"
    yield f"INSERT INTO {named} DEFAULT VALUES"
    yield f'UPDATE {named} SET "{column}" = "{column}"'
    yield f"DELETE FROM {named}"
    yield f"TRUNCATE {named}"
    yield f"SELECT 1 FROM {named} FOR UPDATE LIMIT 1"


def code_of(sql: str) -> str:
    """Run a statement, undo it, and return the database's code, or nothing where it was allowed.

    The engine does not look at it: what the database itself allows is asked here.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.cursor.is_trusted = True
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "pgcode", "") or "?"
    return ""


DENIED = "42501"


def first_columns(schema: str) -> dict[str, str]:
    found = catalog(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum = 1",
        schema,
    )
    return dict(found)


@pytest.mark.parametrize("schema", ["t_sued", TEMPLATE_SCHEMA])
def test_every_statement_on_every_table_of_another_schema_is_refused(nord: Tenant, schema: str) -> None:
    columns = first_columns(schema)
    assert len(columns) > 40
    with tenant_context(nord):
        allowed = [
            sql
            for table, column in columns.items()
            for sql in attempts_on(schema, table, column)
            if code_of(sql) != DENIED
        ]

    assert allowed == []


def test_every_statement_on_public_outside_the_declared_table_is_refused(nord: Tenant) -> None:
    declared = {(grant.table, grant.privilege) for grant in GRANTS}
    with tenant_context(nord):
        allowed = {
            (table, sql.split()[0])
            for table, column in first_columns("public").items()
            for sql in attempts_on("public", table, column)
            if code_of(sql) != DENIED
        }

    # An INSERT without values fails on its columns or its row limit, whoever may write.
    assert allowed <= declared
    assert ("tenants_tenant", "SELECT") in allowed


def test_columns_that_are_not_declared_are_refused(nord: Tenant) -> None:
    by_table = {grant.table: set(grant.columns) for grant in GRANTS if grant.columns}
    assert by_table
    for table, granted in by_table.items():
        names = {
            name
            for (name,) in catalog(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                f"public.{table}",
            )
        }
        with tenant_context(nord):
            readable = {name for name in names if code_of(f'SELECT "{name}" FROM public.{table}') == ""}
        assert readable == granted


def count(table: str) -> int:
    return rows(f"SELECT count(*) FROM public.{table}")[0][0]


def test_a_tenant_sees_of_shared_tables_its_own_rows_only(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    book(nord)
    seen_by_all = {grant.table for grant in GRANTS if grant.privilege == "SELECT" and not grant.rows}
    limited = [grant.table for grant in GRANTS if grant.privilege == "SELECT" and grant.rows]
    counts: dict[str, dict[str, int]] = {}
    for tenant in (nord, sued):
        with tenant_context(tenant):
            counts[tenant.slug] = {table: count(table) for table in limited}
            assert rows("SELECT slug FROM public.tenants_tenant") == [(tenant.slug,)]
            assert {own for (own,) in rows("SELECT tenant_id FROM public.tenants_domain")} == {tenant.pk}

    assert seen_by_all == {"places_postalcode"}
    for table in ("dispatch_job", "dispatch_offer", "dispatch_jobevent", "crowd_membership", "crowd_friend"):
        assert counts["nord"][table] > 0, table
        assert counts["sued"][table] == 0, table
    with platform_context():
        assert count("dispatch_job") == 1


def test_a_tenant_cannot_post_a_message_in_anothers_name(nord: Tenant, sued: Tenant) -> None:
    insert = (
        "INSERT INTO public.outbox_message (key, topic, tenant_id, reference, created_at, due_at, attempts, last_error)"
        " VALUES ('k', 't', {}, '{{}}', now(), now(), 0, '')"
    )
    with tenant_context(nord):
        assert code_of(insert.format(nord.pk)) == ""
        assert code_of(insert.format(sued.pk)) == DENIED
        assert code_of(insert.format("NULL")) == DENIED
