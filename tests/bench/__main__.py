"""``python -m tests.bench [NAME …]``: run benchmarks against the embedded servers and print JSON lines."""

import os
import sys
from io import StringIO

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

from django.conf import settings  # noqa: E402  # Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tenants.isolation.logins import become_owner  # noqa: E402
from tests.bench.benchmarks import BENCHMARKS  # noqa: E402
from tests.bench.tenants import drop_tenants, made_tenants  # noqa: E402
from tests.databases import become_app  # noqa: E402

DATABASE = "bench_quartett"
# Roles belong to the whole server, on which the tests' and a developer's are as well.
settings.TENANT_ROLE_PREFIX = "quartett_bench"


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and return the exit code."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}", file=sys.stderr)  # noqa: T201
        return 2
    _prepare()
    try:
        for name in names or BENCHMARKS:
            for figure in BENCHMARKS[name]():
                print(figure.line(), flush=True)  # noqa: T201  # that is what this is for
    finally:
        drop_tenants(made_tenants())
    return 0


def _prepare() -> None:
    """Have a database of its own with the demo in it; made once, so a second run begins at once."""
    become_owner()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            print("Preparing the benchmarks' database (once; half a minute) …", file=sys.stderr, flush=True)  # noqa: T201
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    for command in ("compile_catalogues", "migrate", "import_postal_codes", "plant_skills", "seed_demo"):
        call_command(command, stdout=StringIO())
    become_app()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
