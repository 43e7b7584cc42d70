"""Our own migrations must be safe while old code serves and a thousand schemas wait.

Refused: dropping or renaming what the running code reads, NOT NULL without a default in the database, changing a
column's type, unique constraints and indexes on tables that exist (build those concurrently). What a migration does to
a table that it makes itself is never refused.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django_migration_linter.migration_linter import MigrationLinter
from django_tenants.utils import schema_context

# Made before there was an installation to keep alive.
ACCEPTED = frozenset(
    {("tenants", "0002_crossing_and_life_cycle"), ("orders", "0002_rules_in_the_database")}
    | {("crowd", "0002_crowd_and_dispatch"), ("crowd", "0003_search_in_the_database"), ("dispatch", "0002_crowd_and_dispatch")}
    # Its index is one of the few rows of the table of commissions.
    | {("tenants", "0015_commission_by_category")}
    # A partner has few packages.
    | {("catalog", "0007_product_numbers")}
    # Its unique index is one of the few rows of the table of tenants.
    | {("tenants", "0017_sandboxes")}
)
REFUSED_AS_WELL = ["CREATE_INDEX", "DROP_INDEX", "REINDEX"]
NAMED = r'"?(\w+)"?'
MADE = re.compile(rf"CREATE TABLE {NAMED}")
ABOUT = re.compile(rf"^(?:ALTER TABLE {NAMED}|CREATE (?:UNIQUE )?INDEX .*? ON {NAMED}|COMMENT ON \w+ {NAMED})")


class LiveLinter(MigrationLinter):
    """django-migration-linter's checks, without what is said to tables that the same migration makes."""

    def get_sql(self, app_label: str, migration_name: str) -> list[str]:
        """Return the statements of a migration that concern what exists before it.

        The loader is asked itself: the command that the library calls reads all migrations anew for each.
        """
        migration = self.migration_loader.graph.nodes[app_label, migration_name]
        written = self.migration_loader.collect_sql([(migration, False)])  # type: ignore[attr-defined]  # not in the stubs
        statements = [line for line in written if line and not line.startswith("--")]
        made = {name for statement in statements for name in MADE.findall(statement)}
        return [statement for statement in statements if not made.intersection(_tables(statement))]


def unsafe_migrations(*, app: str = "", quiet: bool = False) -> Iterator[tuple[str, str]]:
    """Lint the migrations of our own apps, or of one, that are neither initial nor accepted; yield those refused."""
    for schema, app_list in (("public", settings.SHARED_APPS), ("t_lint", settings.TENANT_APPS)):
        labels = {label for label in _own(app_list) if app in ("", label)}
        # All migrations of all apps are read for each linter.
        if not labels:
            continue
        # The router lets an app's statements through only in a schema that holds the app.
        with schema_context(schema):
            linter = LiveLinter(
                no_cache=True,
                no_output=quiet,
                quiet=["ok", "ignore"],
                analyser_string="postgresql",
                warnings_as_errors_tests=REFUSED_AS_WELL,
                ignore_initial_migrations=True,
            )
            for key, migration in sorted(linter.migration_loader.disk_migrations.items()):
                if key[0] not in labels or key in ACCEPTED:
                    continue
                before = linter.nb_erroneous
                linter.lint_migration(migration)
                if linter.nb_erroneous > before:
                    yield key


def _own(app_list: list[str]) -> set[str]:
    """Return the labels of our apps; theirs lie below the virtual environment."""
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name in app_list and "site-packages" not in Path(config.path).parts
    }


def _tables(statement: str) -> set[str]:
    found = ABOUT.match(statement)
    return {name for name in found.groups() if name} if found else set(MADE.findall(statement))
