"""``manage.py migrate``: extensions, public schema, rights, hosts, template, and every partner. Harmless to repeat."""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.autodetector import MigrationAutodetector
from tqdm import tqdm

from kernel.clock import now
from tenants.errors import TemplateOutOfDate
from tenants.isolation.logins import become_owner
from tenants.isolation.names import TEMPLATE_SCHEMA
from tenants.isolation.roles import app_login, grant_platform, grant_tenant, platform_is_granted, tenants_without_rights
from tenants.lifecycle.template import refresh_template, template_is_current
from tenants.migrating.applied import Group, groups_by_applied
from tenants.migrating.locks import only_one, with_patience
from tenants.migrating.ordinary import migrate_ordinarily
from tenants.migrating.plans import plan_for
from tenants.migrating.run import Limits, Outcome, migrate_tenants
from tenants.models import PUBLIC
from tenants.selectors import slugs_by_schema
from tenants.services import ensure_platform_hosts

EXTENSIONS = ("cube", "btree_gist")
NAMED_AT_MOST = 5


class Command(BaseCommand):
    help = "Bring the database up to date: the public schema, the template of new partners, and every partner."
    # Django's own check compares it with that of makemigrations.
    autodetector = MigrationAutodetector
    # Checks import all URLs and cost more than asking a thousand partners whether anything is to be done.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="not taken: all apps of all schemas are migrated forwards")
        parser.add_argument("--plan", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--tenant", metavar="SLUG", help="of the partners, only this one")
        parser.add_argument("--jobs", type=int, default=2, help="partners at the same time (default: 2)")
        parser.add_argument(
            "--lock-timeout",
            type=float,
            default=3,
            metavar="SECONDS",
            help="how long to wait for a table in use before it is tried again later (default: 3)",
        )
        parser.add_argument("--fail-fast", action="store_true", help="stop at the first partner that fails")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["names"]:
            raise CommandError(
                "migrate takes no app and no migration: it brings every schema to what the code says. "
                "To take a migration back, write a new one that undoes it."
            )
        if options["jobs"] < 1:
            raise CommandError("--jobs must be at least 1.")
        if options["lock_timeout"] <= 0:
            raise CommandError("--lock-timeout must be more than 0 seconds.")
        become_owner()
        if options["plan"]:
            self._tell_plan(options["tenant"])
            return
        limits = Limits(options["jobs"], options["lock_timeout"], options["fail_fast"])
        with only_one(lambda: self.stdout.write("Another migrate is at work on this database; waiting for it …")):
            self._migrate_platform(limits)
            self._migrate_template()
            self._migrate_partners(_chosen(options["tenant"]), limits)

    def _migrate_platform(self, limits: Limits) -> None:
        with connection.cursor() as cursor:
            for name in EXTENSIONS:
                cursor.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}" SCHEMA public')
        (group,) = groups_by_applied([PUBLIC])
        if not group.is_current:
            plan = plan_for(PUBLIC)
            self.stdout.write(f"  platform: {len(plan.migrations)} to apply")
            wait_s = limits.lock_timeout_s if plan.is_atomic else 0
            try:
                with_patience(lambda: migrate_ordinarily(PUBLIC, lock_timeout_s=wait_s))
            except DatabaseError as error:
                raise CommandError(f"The platform's schema failed, no partner was touched: {error}") from error
        if not group.is_current or not platform_is_granted(app_login=app_login()):
            grant_platform(app_login=app_login())
        ensure_platform_hosts()

    def _migrate_template(self) -> None:
        """Migrate the template first: what fails there reaches no partner."""
        if template_is_current():
            return
        self.stdout.write("  template")
        try:
            refresh_template(now=now())
        except (DatabaseError, TemplateOutOfDate) as error:
            raise CommandError(f"The template failed, no partner was touched: {error}") from error

    def _migrate_partners(self, slugs: dict[str, str], limits: Limits) -> None:
        for schema in tenants_without_rights(list(slugs)):
            grant_tenant(schema, app_login=app_login())
        failed = changed = 0
        for outcome in _with_progress(migrate_tenants(list(slugs), limits), len(slugs)):
            failed += bool(outcome.error)
            changed += not outcome.error
            self._tell(slugs[outcome.schema], outcome)
        self.stdout.write(
            f"  {len(slugs)} partners: {changed} migrated, {failed} failed, {len(slugs) - changed - failed} left as is"
        )
        if failed:
            raise CommandError("Some partners failed (see above) and are not served. Run migrate again for them.")

    def _tell(self, slug: str, outcome: Outcome) -> None:
        counts = f"{outcome.before} → {outcome.after} migrations, {outcome.seconds:.2f} s"
        line = f"  {slug}: {counts}, failed: {outcome.error}" if outcome.error else f"  {slug}: {counts}, ok"
        with tqdm.external_write_mode(file=sys.stderr):
            self.stdout.write(line)

    def _tell_plan(self, only: str | None) -> None:
        """Say what each group of schemas lacks and which way it would go."""
        (platform,) = groups_by_applied([PUBLIC])
        self._tell_group("platform", platform)
        (template,) = groups_by_applied([TEMPLATE_SCHEMA])
        self._tell_group("template", template)
        if not platform.applied:
            self.stdout.write("partners: none yet")
            return
        slugs = _chosen(only)
        for group in groups_by_applied(list(slugs)):
            named = ", ".join(slugs[schema] for schema in group.schemas[:NAMED_AT_MOST])
            more = " …" if len(group.schemas) > NAMED_AT_MOST else ""
            self._tell_group(f"{len(group.schemas)} partners ({named}{more})", group)

    def _tell_group(self, title: str, group: Group) -> None:
        if group.is_current:
            self.stdout.write(f"{title}: up to date")
            return
        plan = plan_for(group.schemas[0])
        way = "recorded once and replayed" if plan.is_replayable else "one schema after the other"
        self.stdout.write(f"{title}: {len(plan.migrations)} to apply, {way}")
        for name in plan.names:
            self.stdout.write(f"  {name}")


def _chosen(only: str | None) -> dict[str, str]:
    """Return the slugs of the partners to migrate by their schemas.

    Raises CommandError where the one that was asked for does not exist.
    """
    slugs = slugs_by_schema()
    if only is None:
        return slugs
    if only not in slugs.values():
        raise CommandError(f"There is no partner “{only}”.")
    return {schema: slug for schema, slug in slugs.items() if slug == only}


def _with_progress(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    """Show a bar on a terminal, once there is something to do."""
    first = next(outcomes, None)
    if first is None:
        return
    with tqdm(total=total, unit=" partners", disable=None, file=sys.stderr) as bar:
        for outcome in chain([first], outcomes):
            yield outcome
            bar.update()
