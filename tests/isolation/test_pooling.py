"""Behind a real PgBouncer: session mode serves, transaction mode is refused at start (R3)."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlunsplit

import psycopg2
import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from tenants.context import tenant_context
from tenants.isolation.pooling import TRANSACTION_POOLING, fault_of_pooling
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.isolation.pgbouncer import pgbouncer, through

ROOT = Path(__file__).resolve().parents[2]
READS = 60


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Tenant, Tenant]]:
    """Read what the run's set-up has committed, on connections of our own."""
    with django_db_blocker.unblock():
        yield tenant_by_slug("nord"), tenant_by_slug("sued")
        connection.close()


def mails() -> list[str]:
    return list(User.objects.filter(kind="staff").values_list("email", flat=True))


def test_a_direct_connection_passes_at_once(committed: object) -> None:
    begun = time.perf_counter()
    assert fault_of_pooling(connection.get_connection_params()) == ""
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("servers", [1, 4])
@pytest.mark.parametrize("round_robin", [False, True])
def test_session_mode_passes_even_with_one_server(committed: object, servers: int, round_robin: bool) -> None:
    with pgbouncer("session", servers=servers, round_robin=round_robin) as params:
        begun = time.perf_counter()
        assert fault_of_pooling(params, patience_s=0.5) == ""
        assert time.perf_counter() - begun < 3


@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("servers", [1, 4])
@pytest.mark.parametrize("round_robin", [False, True])
def test_transaction_and_statement_mode_are_refused(
    committed: object, mode: str, servers: int, round_robin: bool
) -> None:
    with pgbouncer(mode, servers=servers, round_robin=round_robin) as params:
        # A pool that has served for a while, with several sessions open.
        busy = [psycopg2.connect(**params) for _client in range(servers)]
        for client in busy:
            client.autocommit = True
            client.cursor().execute("SELECT 1")
        assert fault_of_pooling(params, patience_s=0.5) == TRANSACTION_POOLING
        for client in busy:
            client.close()


def test_a_web_process_behind_transaction_mode_ends_with_one_clear_line(committed: object) -> None:
    with pgbouncer("transaction") as params:
        address = f"{params['user']}@{params['host']}:{params['port']}"
        url = urlunsplit(("postgres", address, str(params.get("dbname") or params["database"]), "", ""))
        env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        started = subprocess.run(
            [sys.executable, "-c", "import config.wsgi"],
            env=env, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert started.returncode == 1
    assert started.stderr.strip().splitlines() == [f"Quartett does not start: {TRANSACTION_POOLING}"]


def test_in_session_mode_two_tenants_in_threads_read_only_their_own(committed: tuple[Tenant, Tenant]) -> None:
    wrong: list[object] = []
    with pgbouncer("session", servers=4) as params:

        def read(own: Tenant, other: Tenant) -> None:
            client = Client(headers={"host": f"{own.slug}.localhost"})
            with through(params):
                for turn in range(READS):
                    tenant = own if turn % 3 else other
                    with tenant_context(tenant):
                        found = mails()
                    if found != [f"manager@{tenant.slug}.example"]:
                        wrong.append(found)
                    page = client.get("/de/packages/").content.decode()
                    if f"{own.name}</" not in page and own.name not in page:
                        wrong.append(page)
                    if f"hello@{other.slug}.example" in page:
                        wrong.append(page)
                    if turn % 10 == 0:
                        # Give the server connection back to the pool, and get any of them.
                        connections["default"].close()

        nord, sued = committed
        threads = [threading.Thread(target=read, args=pair) for pair in ((nord, sued), (sued, nord)) * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert wrong == []


def test_a_server_connection_that_is_used_again_carries_nothing_over(committed: tuple[Tenant, Tenant]) -> None:
    with pgbouncer("session", servers=1) as params:
        with through(params) as pooled, tenant_context(committed[0]), pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), current_user, current_schema()")
            pid, role, schema = cursor.fetchone()
        assert (role.endswith("t_nord"), schema) == (True, "t_nord")

        later = psycopg2.connect(**params)
        with later.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), current_user, current_schema(), current_setting('role')")
            assert cursor.fetchone() == (pid, params["user"], "public", "none")
        later.close()


def test_control_in_transaction_mode_a_tenant_reads_the_other_ones_rows(committed: tuple[Tenant, Tenant]) -> None:
    nord, sued = committed
    with pgbouncer("transaction", servers=1) as params, through(params), tenant_context(nord):
        assert mails() == ["manager@nord.example"]

        def read_sued() -> None:
            with through(params), tenant_context(sued):
                mails()

        thread = threading.Thread(target=read_sued)
        thread.start()
        thread.join()

        assert mails() == ["manager@sued.example"]
