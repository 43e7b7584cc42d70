"""Roles and rights in PostgreSQL. Everything here needs the owner's login and may be repeated."""

import hashlib
import json
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from tenants.isolation.grants import GRANTS, PLATFORM_CATALOG, PLATFORM_LIMITS, Grant
from tenants.isolation.logins import IS_CLOSED
from tenants.isolation.names import role_for
from tenants.models import PUBLIC

ALL = "SELECT, INSERT, UPDATE, DELETE"
# A table of the owner's on which is noted which rights the platform's role was given, in this database.
MARKED = "public.tenants_template"
# What all tenants may do in public stands at one role of which theirs are members: a right of its own for every tenant
# would stand in the one row that the catalog has for a table, which was full after some 2,400 of them.
ALL_TENANTS = "tenants"
_MEMBERS = """
    SELECT member.rolname FROM pg_auth_members
      JOIN pg_roles member ON member.oid = pg_auth_members.member
      JOIN pg_roles shared ON shared.oid = pg_auth_members.roleid
     WHERE shared.rolname = %s AND member.rolinherit
"""


def grant_platform(*, app_login: str) -> None:
    """Give the platform's role and the tenants' common one their rights in public, and limit the rows of tenants."""
    role = role_for(PUBLIC)
    statements = [
        *_make_role(role, "NOINHERIT"),
        f'GRANT "{role}" TO "{app_login}"',
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT {ALL} ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        # A temporary table could stand in for another of its name.
        f'REVOKE TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" FROM PUBLIC',
        *(f'GRANT {right} TO "{role}"' for right in PLATFORM_CATALOG),
    ]
    for table, privileges in PLATFORM_LIMITS.items():
        statements.append(f'REVOKE ALL ON public.{table} FROM "{role}"')
        if privileges:
            statements.append(f'GRANT {privileges} ON public.{table} TO "{role}"')
    statements += _grant_tenants()
    for grant in GRANTS:
        statements += _policies(grant, role)
    _execute([*statements, f"COMMENT ON TABLE {MARKED} IS '{_rights_mark(app_login)}'"])


def platform_is_granted(*, app_login: str) -> bool:
    """Say whether ``grant_platform`` was run with today's rights since the table that holds its mark was made.

    Running it locks the shared tables, so it should not run for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [MARKED])
        return cursor.fetchone() == (_rights_mark(app_login),)


def is_closed() -> bool:
    """Say whether tenants/isolation/postgresql/close.sql was run on this database."""
    with connection.cursor() as cursor:
        cursor.execute(IS_CLOSED)
        return bool(cursor.fetchone()[0])


def tenants_without_rights(schema_names: Sequence[str]) -> list[str]:
    """Return the schemas whose role is missing or no member of the tenants' common one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [role_for(ALL_TENANTS)])
        members = {name for (name,) in cursor.fetchall()}
    return [name for name in schema_names if role_for(name) not in members]


def grant_tenant(schema_name: str, *, app_login: str) -> None:
    """Make a tenant's role, with all rights in its schema, and those in public that all tenants have."""
    role = role_for(schema_name)
    schema = f'"{schema_name}"'
    _execute(
        [
            *_make_role(role, "INHERIT"),
            f'ALTER ROLE "{role}" INHERIT',
            f'GRANT "{role}" TO "{app_login}"',
            f'GRANT "{role_for(ALL_TENANTS)}" TO "{role}"',
            f'GRANT USAGE ON SCHEMA {schema} TO "{role}"',
            f'GRANT {ALL} ON ALL TABLES IN SCHEMA {schema} TO "{role}"',
            f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO "{role}"',
            f'REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM "{role}"',
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {ALL} ON TABLES TO "{role}"',
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO "{role}"',
        ]
    )


def drop_tenant_role(schema_name: str) -> None:
    """Take a tenant's role away, with all its rights; its schema must be gone."""
    role = role_for(schema_name)
    if _role_exists(role):
        # Only a member of a role may drop what it owns; the owner who made it may become one.
        _execute([f'GRANT "{role}" TO CURRENT_USER', f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"'])


def app_login() -> str:
    """Return the name of the login that serves, as the settings know it."""
    return settings.APP_LOGIN


def _grant_tenants() -> list[str]:
    """Return the statements that give the tenants' common role what is declared, and nothing else."""
    role = role_for(ALL_TENANTS)
    statements = [
        *_make_role(role, "NOINHERIT"),
        f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"',
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
    ]
    for grant in GRANTS:
        columns = f" ({', '.join(grant.columns)})" if grant.columns else ""
        statements.append(f'GRANT {grant.privilege}{columns} ON public.{grant.table} TO "{role}"')
    return statements


def _make_role(role: str, inherits: str) -> list[str]:
    return [] if _role_exists(role) else [f'CREATE ROLE "{role}" NOLOGIN {inherits}']


def _role_exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def _policies(grant: Grant, platform_role: str) -> list[str]:
    """Return the statements that limit a shared table to a tenant's own rows; the platform sees all of them."""
    table = f"public.{grant.table}"
    if not grant.rows:
        return []
    # A role's name is the installation's prefix and the schema.
    schema = f"substr(current_user, {len(role_for('')) + 1})"
    # Asked once a query; the tenants table lets a tenant see only its own row.
    tenant = f"(SELECT own.id FROM public.tenants_tenant own WHERE own.schema_name = {schema})"
    partner = tenant.replace("own.id", "own.sandbox_of_id")
    condition = grant.rows.format(tenant=tenant, schema=schema, partner=partner)
    clause = f"WITH CHECK ({condition})" if grant.privilege == "INSERT" else f"USING ({condition})"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS own_rows ON {table}",
        f"DROP POLICY IF EXISTS platform ON {table}",
        f"CREATE POLICY own_rows ON {table} FOR {grant.privilege} {clause}",
        f'CREATE POLICY platform ON {table} TO "{platform_role}" USING (true) WITH CHECK (true)',
    ]


def _rights_mark(app_login: str) -> str:
    """Return a hash over everything that decides about the platform's rights and the row limits."""
    role = role_for(PUBLIC)
    policies = [statement for grant in GRANTS for statement in _policies(grant, role)]
    rights = [(grant.table, grant.privilege, grant.columns) for grant in GRANTS]
    limits = sorted(PLATFORM_LIMITS.items())
    said = json.dumps([ALL, app_login, role, limits, policies, rights, PLATFORM_CATALOG, is_closed()])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _execute(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(statements))
