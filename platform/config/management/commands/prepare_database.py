"""``manage.py prepare_database``: extensions, public schema, template, platform hosts, tenants. Harmless to repeat."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from kernel.clock import now
from tenants.logins import become_owner
from tenants.roles import app_login, grant_platform, grant_tenant
from tenants.selectors import partners
from tenants.services import ensure_platform_hosts
from tenants.template import refresh_template

EXTENSIONS = ("cube", "btree_gist")


class Command(BaseCommand):
    help = "Create or update the database: extensions, public schema, and the schema of each partner."

    def handle(self, *args: Any, **options: Any) -> None:
        become_owner()
        with connection.cursor() as cursor:
            for name in EXTENSIONS:
                cursor.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}" SCHEMA public')
        self.stdout.write("  platform")
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        grant_platform(app_login=app_login())
        ensure_platform_hosts()
        self.stdout.write("  template")
        refresh_template(now=now())
        for tenant in partners():
            self.stdout.write(f"  {tenant.slug}")
            call_command("migrate_schemas", schema_name=tenant.schema_name, interactive=False, verbosity=0)
            grant_tenant(tenant.schema_name, app_login=app_login())
