"""Which of the two logins this process works with."""

from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tenants.isolation.names import OWNER

MORE_THAN_IT_NEEDS = (
    "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolinherit FROM pg_roles"
    " WHERE rolname = session_user"
)

IS_CLOSED = "SELECT NOT has_function_privilege('public', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
OPEN_TO_EVERYBODY = (
    "PostgreSQL lets every tenant's role change its session's settings, read the catalog and notify others. Run"
    " tenants/isolation/postgresql/close.sql as a superuser, then `manage.py migrate`; see docs/isolation.md."
)


def become_owner() -> None:
    """Work with the owner's login from now on: for commands that migrate or make tenants. Never in a web process.

    Raises ImproperlyConfigured where this process does not know that login.
    """
    if connection.settings_dict["LOGIN"] == OWNER:
        return
    if settings.OWNER_DATABASE is None:
        raise ImproperlyConfigured("This needs the database's owner: set OWNER_DATABASE_URL.")
    # The database may be another than the settings', as in a test.
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict.update(settings.OWNER_DATABASE | {"ENGINE": "tenants.isolation.postgresql", "NAME": name})
    connection.settings_dict["LOGIN"] = OWNER


def fault_of_login(params: dict[str, Any]) -> str:
    """Say what is wrong with the login that serves: it must be able to nothing but take on the tenants' roles.

    ``params`` are psycopg2's; the roles of the tenants need not be there yet.
    """
    if not _asked(params, MORE_THAN_IT_NEEDS):
        return ""
    return (
        f"The login “{params['user']}” of DATABASE_URL can do more than serve, so it could read every"
        " tenant's rows. Give the web a login of its own: CREATE ROLE … LOGIN NOINHERIT; see docs/settings.md."
    )


def fault_of_openness(params: dict[str, Any]) -> str:
    """Say that PostgreSQL's own rights for everybody were not taken back, or nothing. ``params`` are psycopg2's.

    No reason to refuse: where nobody is given a superuser, as with some hosts of databases, the engine's own look at
    each statement is what there is.
    """
    return "" if _asked(params, IS_CLOSED) else OPEN_TO_EVERYBODY


def _asked(params: dict[str, Any], question: str) -> bool:
    """Ask the server as the login itself, on a connection of its own."""
    raw = psycopg2.connect(**params)
    try:
        with raw.cursor() as cursor:
            cursor.execute(question)
            (answer,) = cursor.fetchone()
    finally:
        raw.close()
    return bool(answer)
