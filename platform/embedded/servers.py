"""The servers of one data folder: attached where they run, started where they do not, stopped by who started them."""

import base64
import fcntl
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from embedded import postgres, processes
from embedded.errors import UnableToStart
from embedded.postgres import Postgres
from embedded.valkey import Valkey

MAIL_TIMEOUT_S = 10


@dataclass
class Servers:
    """What this process has started over a data folder, and the environment that names it all."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)
    started: "dict[str, Postgres | Valkey | Mailbox]" = field(default_factory=dict)

    def revive(self) -> None:
        """Start again what has died. What does not come up is tried again at the next call, for as long as it takes."""
        for name, server in self.started.items():
            if server.process is None or server.process.poll() is None:
                continue
            _say(f"{name} has died; starting it again")
            try:
                server.start()
            except UnableToStart as error:
                _say(f"{error}; trying again")
                continue
            _remember(self, name, server)

    def stop(self) -> None:
        """Stop what was started here, last first; whoever starts meanwhile waits, so as not to join what is ending."""
        if not self.started:
            return
        with (self.data / "servers.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            while self.started:
                self.started.popitem()[1].stop()


@dataclass
class Mailbox:
    """The mail catcher of one data folder."""

    data: Path
    port: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the catcher and wait until it listens.

        Raises UnableToStart.
        """
        command = [sys.executable, "-m", "embedded.mailbox", "--port", str(self.port)]
        log = self.data.parent / "mailbox.log"
        with processes.log(log) as out:
            self.process = processes.start([*command, "--folder", str(self.data)], out=out)
        deadline = time.monotonic() + MAIL_TIMEOUT_S
        while not processes.is_open(self.port):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise UnableToStart(f"The mail catcher did not start; see {log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the catcher; mails are files already."""
        if self.process is not None:
            processes.stop(self.process)
            self.process = None


@contextmanager
def running(data: Path, environ: Mapping[str, str]) -> Iterator[Servers]:
    """Have the servers up inside the block, as ``Servers.env``; what the environment names already is not started."""
    servers = Servers(data.resolve())
    try:
        _start_missing(servers, environ)
        yield servers
    finally:
        servers.stop()


def _start_missing(servers: Servers, environ: Mapping[str, str]) -> None:
    data = servers.data
    data.mkdir(parents=True, exist_ok=True)
    with (data / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ports = _ports(data)
        env = {"QUARTETT_DATA": str(data), "SECRET_KEY": environ.get("SECRET_KEY") or _secret_key(data)}
        env["QUARTETT_VAPID_PRIVATE_KEY"] = environ.get("QUARTETT_VAPID_PRIVATE_KEY") or _vapid_key(data)
        if environ.get("DATABASE_URL"):
            env["DATABASE_URL"] = environ["DATABASE_URL"]
        else:
            server = _postgres(servers, ports, is_durable=environ.get("QUARTETT_DURABLE") != "false")
            env |= {"DATABASE_URL": server.url, "OWNER_DATABASE_URL": server.owner_url}
        if not (environ.get("CELERY_BROKER_URL") and environ.get("CACHE_URL")):
            valkey = _valkey(servers, ports)
            env |= {"CELERY_BROKER_URL": valkey.url(0), "CACHE_URL": valkey.url(1)}
        env |= {name: environ[name] for name in ("CELERY_BROKER_URL", "CACHE_URL") if environ.get(name)}
        env["EMAIL_URL"] = environ.get("EMAIL_URL") or _mailbox(servers, ports)
        servers.env = env


def _ports(data: Path) -> dict[str, int]:
    """Return the ports of this data folder; they are chosen once, so that everybody finds the servers again."""
    file = data / "ports.json"
    ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    for name in ("postgres", "valkey", "mail", "stripe", "sumup"):
        ports.setdefault(name, processes.free_port())
    file.write_text(json.dumps(ports))
    return ports


def port_of(data: Path, name: str) -> int:
    """Return the port of a further process of a data folder: the one it had, or another where a stranger has it."""
    with (data / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ports = _ports(data)
        return _new_port(data, ports, name) if processes.is_open(ports[name]) else ports[name]


def _new_port(data: Path, ports: dict[str, int], name: str) -> int:
    """Choose another port where a stranger has taken ours."""
    ports[name] = processes.free_port()
    (data / "ports.json").write_text(json.dumps(ports))
    return ports[name]


def _postgres(servers: Servers, ports: dict[str, int], *, is_durable: bool) -> Postgres:
    server = Postgres(servers.data / "postgres", ports["postgres"], is_durable)
    if _is_ours(servers.data, "postgres") and postgres.is_ready(server.port):
        return server
    if processes.is_open(server.port):
        server.port = _new_port(servers.data, ports, "postgres")
    _say("Starting PostgreSQL …")
    server.start()
    _remember(servers, "postgres", server)
    return server


def _valkey(servers: Servers, ports: dict[str, int]) -> Valkey:
    server = Valkey(servers.data / "valkey", ports["valkey"])
    if _is_ours(servers.data, "valkey") and processes.is_open(server.port):
        return server
    if processes.is_open(server.port):
        server.port = _new_port(servers.data, ports, "valkey")
    _say("Starting Valkey …")
    server.start()
    _remember(servers, "valkey", server)
    return server


def _mailbox(servers: Servers, ports: dict[str, int]) -> str:
    port = ports["mail"]
    if not (_is_ours(servers.data, "mail") and processes.is_open(port)):
        if processes.is_open(port):
            port = _new_port(servers.data, ports, "mail")
        mailbox = Mailbox(servers.data / "mail", port)
        mailbox.start()
        _remember(servers, "mail", mailbox)
    return f"smtp://127.0.0.1:{port}"


def _remember(servers: Servers, name: str, server: Postgres | Valkey | Mailbox) -> None:
    servers.started[name] = server
    if server.process is not None:
        processes.remember(servers.data / f"{name}.pid", server.process)


def _is_ours(data: Path, name: str) -> bool:
    """Say whether the process that this folder remembers is alive; a port alone could be a stranger's."""
    file = data / f"{name}.pid"
    if not file.exists():
        return False
    state = Path(f"/proc/{file.read_text()}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc").exists()


def _secret_key(data: Path) -> str:
    """Return the key of this installation, made once."""
    file = data / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _vapid_key(data: Path) -> str:
    """Return the private key of this installation towards push services, made once: devices subscribe to its owner."""
    file = data / "vapid_key"
    if not file.exists():
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        file.touch(mode=0o600)
        file.write_text(base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode())
    return file.read_text()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  # this is a terminal's programme
