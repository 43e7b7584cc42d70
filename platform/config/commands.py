"""The command line, which knows which commands need a tenant."""

from django.apps import apps
from django.conf import settings
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand


class Commands(ManagementUtility):
    """Django's command line; a command of an app that only tenants have is refused on the platform."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return the command, or end with a clear line."""
        if is_for_tenants(subcommand):
            raise SystemExit(
                f"{subcommand} works inside a tenant. Run it for all of them: manage.py for_each_tenant {subcommand} …"
            )
        return super().fetch_command(subcommand)


def is_for_tenants(subcommand: str) -> bool:
    """Say whether a command belongs to an app that has no tables on the platform."""
    app = get_commands().get(subcommand)
    name = app if isinstance(app, str) else ""
    return any(
        config.name == name and name in settings.TENANT_APPS and name not in settings.SHARED_APPS
        for config in (apps.get_app_configs() if apps.ready else ())
    )
