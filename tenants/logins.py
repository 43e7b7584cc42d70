"""Which of the two logins this process works with."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tenants.names import OWNER


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
