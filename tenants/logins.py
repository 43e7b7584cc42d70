"""Which of the two logins this process works with."""

from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tenants.names import OWNER

MORE_THAN_IT_NEEDS = (
    "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolinherit FROM pg_roles"
    " WHERE rolname = session_user"
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
    connection.settings_dict.update(settings.OWNER_DATABASE | {"ENGINE": "tenants.postgresql", "NAME": name})
    connection.settings_dict["LOGIN"] = OWNER


def fault_of_login(params: dict[str, Any]) -> str:
    """Say what is wrong with the login that serves: it must be able to nothing but take on the tenants' roles.

    ``params`` are psycopg2's; the roles of the tenants need not be there yet.
    """
    raw = psycopg2.connect(**params)
    try:
        with raw.cursor() as cursor:
            cursor.execute(MORE_THAN_IT_NEEDS)
            (has_more,) = cursor.fetchone()
    finally:
        raw.close()
    if not has_more:
        return ""
    return (
        f"The login “{params['user']}” of DATABASE_URL can do more than serve, so it could read every"
        " tenant's rows. Give the web a login of its own: CREATE ROLE … LOGIN NOINHERIT; see docs/settings.md."
    )
