"""A real PgBouncer in front of the embedded PostgreSQL."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from embedded.postgres import SERVER_USER
from embedded.processes import free_port, is_open
from tests.running import wait_until

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


@contextmanager
def pgbouncer(mode: str, *, servers: int = 4, round_robin: bool = False) -> Iterator[dict[str, Any]]:
    """Run PgBouncer in a mode with so many server connections; return psycopg2's parameters for going through it."""
    direct = connection.get_connection_params()
    port = free_port()
    # It refuses root, and pytest's own folders are closed to others.
    user = pwd.getpwnam(SERVER_USER).pw_uid if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer"))
    folder.chmod(0o755)
    config = folder / "pgbouncer.ini"
    lines = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "trust",
        "auth_file": folder / "users.txt",
        "pool_mode": mode,
        "default_pool_size": servers,
        "server_round_robin": int(round_robin),
        # What it cannot pass on in a pool; docs/settings.md says so.
        "ignore_startup_parameters": "options,extra_float_digits",
    }
    database = f"* = host={direct['host']} port={direct['port']}"
    config.write_text("\n".join(["[databases]", database, "[pgbouncer]", *(f"{k} = {v}" for k, v in lines.items())]))
    (folder / "users.txt").write_text(f'"{direct["user"]}" ""\n')
    process = subprocess.Popen(
        [PROGRAM, "-q", str(config)],
        user=user,
        extra_groups=[] if user is not None else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: is_open(port) or process.poll() is not None, 10)
        assert process.poll() is None
        yield direct | {"host": "127.0.0.1", "port": port}
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def through(params: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Let Django's connection of this thread go through the pooler."""
    usual = connections["default"]
    pooled = connections.create_connection("default")
    pooled.settings_dict = usual.settings_dict | {"HOST": params["host"], "PORT": params["port"]}
    connections["default"] = pooled
    try:
        yield pooled
    finally:
        pooled.close()
        connections["default"] = usual
