"""``manage.py for_each_tenant COMMAND …``: run another command inside every tenant; a failing one stops nobody."""

import argparse
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.isolation.everywhere import in_each
from tenants.models import Tenant
from tenants.selectors import tenants


class Command(BaseCommand):
    help = "Run a command inside every tenant, or inside those named by --only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", action="append", metavar="SLUG", help="a tenant's slug; may be repeated")
        parser.add_argument("command")
        parser.add_argument("arguments", nargs=argparse.REMAINDER)

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = tenants().filter(slug__in=options["only"]) if options["only"] else tenants()
        if unknown := set(options["only"] or ()) - {tenant.slug for tenant in chosen}:
            raise CommandError(f"There is no such tenant: {', '.join(sorted(unknown))}")

        def run(tenant: Tenant) -> None:
            self.stdout.write(f"{tenant.slug}:")
            call_command(options["command"], *options["arguments"], stdout=self.stdout, stderr=self.stderr)

        failed = in_each(chosen, run)
        if failed:
            raise CommandError(f"Failed at: {', '.join(tenant.slug for tenant in failed)}")
