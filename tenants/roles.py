"""Roles and rights in PostgreSQL. Everything here needs the owner's login and may be repeated."""

import hashlib
import json
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from tenants.grants import GRANTS, PLATFORM_LIMITS, Grant
from tenants.models import PUBLIC
from tenants.names import role_for

ALL = "SELECT, INSERT, UPDATE, DELETE"
# A table of the owner's on which is noted which rights the platform's role was given, in this database.
MARKED = "public.tenants_template"
# Rights of all our roles on tables of public and on their columns, as "table column privilege".
_RIGHTS_BY_ROLE = """
    WITH rights AS (
        SELECT relname AS place, '' AS part, (aclexplode(relacl)).* FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
        UNION ALL
        SELECT relname, attname, (aclexplode(attacl)).* FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL
    )
    SELECT rolname, array_agg(place || ' ' || part || ' ' || privilege_type
        ORDER BY (place || ' ' || part || ' ' || privilege_type) COLLATE "C")
    FROM rights JOIN pg_roles ON pg_roles.oid = grantee WHERE left(rolname, %s) = %s GROUP BY rolname
"""


def grant_platform(*, app_login: str) -> None:
    """Give the platform's role its rights on the public schema, and write the row limits of all shared tables."""
    role = role_for(PUBLIC)
    statements = [
        *_make_role(role, app_login),
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT {ALL} ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
    ]
    for table, privileges in PLATFORM_LIMITS.items():
        statements.append(f'REVOKE ALL ON public.{table} FROM "{role}"')
        if privileges:
            statements.append(f'GRANT {privileges} ON public.{table} TO "{role}"')
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


def tenants_without_rights(schema_names: Sequence[str]) -> list[str]:
    """Return the schemas whose role is missing, or has other rights in public than those declared. One query."""
    declared = sorted({f"{one.table} {column} {one.privilege}" for one in GRANTS for column in (one.columns or ("",))})
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS_BY_ROLE, [len(role_for("")), role_for("")])
        found = dict(cursor.fetchall())
    return [name for name in schema_names if found.get(role_for(name)) != declared]


def grant_tenant(schema_name: str, *, app_login: str) -> None:
    """Make a tenant's role, with all rights in its schema and those of the declared table in public."""
    role = role_for(schema_name)
    schema = f'"{schema_name}"'
    statements = [
        *_make_role(role, app_login),
        f'GRANT USAGE ON SCHEMA {schema} TO "{role}"',
        f'GRANT {ALL} ON ALL TABLES IN SCHEMA {schema} TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO "{role}"',
        f'REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {ALL} ON TABLES TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO "{role}"',
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        # What a former version of the table gave goes first.
        f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"',
    ]
    for grant in GRANTS:
        columns = f" ({', '.join(grant.columns)})" if grant.columns else ""
        statements.append(f'GRANT {grant.privilege}{columns} ON public.{grant.table} TO "{role}"')
    _execute(statements)


def drop_tenant_role(schema_name: str) -> None:
    """Take a tenant's role away, with all its rights; its schema must be gone."""
    role = role_for(schema_name)
    if _role_exists(role):
        # Only a member of a role may drop what it owns; the owner who made it may become one.
        _execute([f'GRANT "{role}" TO CURRENT_USER', f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"'])


def app_login() -> str:
    """Return the name of the login that serves, as the settings know it."""
    return settings.APP_LOGIN


def _make_role(role: str, app_login: str) -> list[str]:
    made = [] if _role_exists(role) else [f'CREATE ROLE "{role}" NOLOGIN NOINHERIT']
    return [*made, f'GRANT "{role}" TO "{app_login}"']


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
    condition = grant.rows.format(tenant=tenant, schema=schema)
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
    said = json.dumps([ALL, app_login, role, sorted(PLATFORM_LIMITS.items()), policies])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _execute(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(statements))
