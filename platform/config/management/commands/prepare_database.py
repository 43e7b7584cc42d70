"""``manage.py prepare_database``: extensions, public schema, platform hosts, then every tenant. Harmless to repeat."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from tenants.selectors import partners
from tenants.services import ensure_platform_hosts, migrate_tenant

EXTENSIONS = ("cube", "btree_gist")


class Command(BaseCommand):
    help = "Create or update the database: extensions, public schema, and the schema of each partner."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            for name in EXTENSIONS:
                cursor.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}" SCHEMA public')
        self.stdout.write("  platform")
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        ensure_platform_hosts()
        for tenant in partners():
            self.stdout.write(f"  {tenant.slug}")
            migrate_tenant(tenant)
