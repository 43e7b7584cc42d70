"""``make run``: everything under one process runner, until Ctrl-C."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embedded import processes
from embedded.errors import UnableToStart
from embedded.servers import Servers, port_of, running

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
WEB_TIMEOUT_S = 60
LONGEST_PAUSE_S = 30
# Threads of each web worker, each with a connection to the database. More of them wait for each other: two serve most.
WEB_THREADS = "2"
# Memory of a large picture goes back to the system when the picture is done; glibc would keep it for the next one.
FRUGAL = {"MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "131072"}
QUIET = ("--loglevel", "WARNING", "--without-gossip")

# Under the addresses and sign-ins that the demo prints.
FIRST_STEPS = """
  Try first
    1. Open the start page, choose a brand and book a package; the confirmation is under Mails.
    2. Under Mails stands who was asked: sign in as one of these friends and accept. The customer's mail has a link
       to the order's page.
    3. Or let it run by itself: make journey QUARTETT_PORT={port}, in a second terminal.

  Logs: {logs}/*.log, one for each process (web, worker, owner, scheduler, deadlines, stripe, sumup)
"""


@dataclass
class Service:
    """A process that is started again when it dies; the pause doubles with each death up to half a minute."""

    name: str
    command: Sequence[str]
    is_owner: bool = False
    process: subprocess.Popen | None = None
    deaths: int = 0
    started_at: float = 0.0
    due_at: float = field(default=0.0)


def run(data: Path, port: int) -> int:
    """Run everything until Ctrl-C or SIGTERM and return the exit code."""
    if processes.is_open(port):
        say(f"Port {port} is taken. Stop what uses it, or choose another: make run QUARTETT_PORT=8001")
        return 2
    stopping = threading.Event()
    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, lambda *_: stopping.set())
    try:
        with running(data, os.environ) as servers:
            env = environment(os.environ, servers.env, port)
            stand_ins = [make(servers.data, env, port) for key, make in STAND_INS.items() if not env.get(key)]
            for one in stand_ins:
                env |= one.env
            prepare(env, stopping)
            if not stopping.is_set():
                _serve(servers, env, port, data, stopping, *(one.service for one in stand_ins))
    except UnableToStart as error:
        say(str(error))
        return 1
    say("Stopped.")
    return 0


def environment(given: Mapping[str, str], servers: Mapping[str, str], port: int) -> dict[str, str]:
    """Return what all processes get. Here, and nowhere else by itself, the demo is on."""
    return {"QUARTETT_DEMO": "true", **given, **servers, "QUARTETT_PORT": str(port)}


@dataclass
class StandIn:
    """A process that stands in for a payment provider without a key, and what the others have to know of it."""

    env: dict[str, str]
    service: Service


def _stripe(data: Path, given: Mapping[str, str], port: int) -> StandIn:
    own = port_of(data, "stripe")
    address = f"http://localhost:{own}"
    env = {
        "QUARTETT_STRIPE_KEY": f"sk_test_{secrets.token_hex(12)}",
        "QUARTETT_STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
        "QUARTETT_STRIPE_API": f"http://127.0.0.1:{own}",
        "QUARTETT_STRIPE_PAGES": address,
    }
    command = [sys.executable, "-m", "demo.stripe_stand_in", "--port", str(own), "--file", str(data / "stripe.sqlite")]
    platform = f"http://app.{given.get('QUARTETT_BASE_DOMAIN') or 'localhost'}:{port}"
    return StandIn(env, Service("stripe", [*command, "--webhook", f"{platform}/stripe/webhook/"]))


def _sumup(data: Path, given: Mapping[str, str], port: int) -> StandIn:
    own = port_of(data, "sumup")
    env = {
        "QUARTETT_SUMUP_KEY": f"sup_sk_{secrets.token_hex(12)}",
        "QUARTETT_SUMUP_MERCHANTS": "CHF=MDEMOCHF,EUR=MDEMOEUR,PLN=MDEMOPLN",
        "QUARTETT_SUMUP_AFFILIATE": "example.quartett:demo",
        "QUARTETT_SUMUP_API": f"http://127.0.0.1:{own}",
        "QUARTETT_SUMUP_PAGES": f"http://localhost:{own}",
    }
    command = [sys.executable, "-m", "demo.sumup_stand_in", "--port", str(own), "--file", str(data / "sumup.sqlite")]
    return StandIn(env, Service("sumup", command))


# By the setting without which it is needed.
STAND_INS: dict[str, Callable[[Path, Mapping[str, str], int], StandIn]] = {
    "QUARTETT_STRIPE_KEY": _stripe,
    "QUARTETT_SUMUP_KEY": _sumup,
}


def prepare(env: Mapping[str, str], stopping: threading.Event) -> None:
    """Take the steps that come before serving.

    Raises UnableToStart where one fails.
    """
    process = processes.start([*MANAGE, "prepare_demo"], env=env, cwd=ROOT)
    while process.poll() is None:
        if stopping.wait(0.05):
            processes.stop(process)
            return
    if process.returncode:
        raise UnableToStart("The last step failed (see above); nothing is running.")


def _serve(
    servers: Servers, env: Mapping[str, str], port: int, data: Path, stopping: threading.Event, *others: Service
) -> None:
    binaries = Path(sys.executable).parent
    celery = [str(binaries / "celery"), "-A", "config.celery"]
    schedule = str(data.resolve() / "celerybeat-schedule")
    services = [
        Service(
            "web",
            [
                str(binaries / "granian"),
                *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"),
                *("--blocking-threads", env.get("QUARTETT_WEB_THREADS") or WEB_THREADS),
                *("--respawn-failed-workers", "--no-ws", "--log-level", "warning", "config.wsgi:application"),
            ],
        ),
        Service("worker", [*celery, "worker", "--concurrency", "2", *QUIET]),
        # One goes on while the other is started again.
        Service("deadlines", [*MANAGE, "sweep_deadlines"]),
        Service("deadlines-2", [*MANAGE, "sweep_deadlines"]),
        # Calls partners' own systems, which may be slow.
        Service("webhooks", [*MANAGE, "call_endpoints"]),
        # Makes, exports and deletes partners: the only one who works with the owner's login.
        Service("owner", [*celery, "worker", "-Q", "owner", "-n", "owner@%h", "--pool", "solo", *QUIET], is_owner=True),
        Service("scheduler", [*celery, "beat", "--schedule", schedule, "--loglevel", "WARNING", "--pidfile="]),
        *others,
    ]
    try:
        for service in services:
            _start(service, env, data)
        _wait_for_web(port, services[0], stopping)
        if not stopping.is_set():
            subprocess.run([*MANAGE, "demo_addresses"], env=dict(env), cwd=ROOT, check=False)
            say(FIRST_STEPS.format(port=port, logs=_shown(data)))
            say("Ctrl-C stops everything.")
        while not stopping.wait(0.3):
            servers.revive()
            for service in services:
                _revive(service, env, data)
    finally:
        say("Stopping …")
        for service in reversed(services):
            if service.process is not None:
                processes.stop(service.process)


def _shown(data: Path) -> str:
    """Return a folder as one types it in the checkout."""
    whole = data.resolve()
    return str(whole.relative_to(ROOT) if whole.is_relative_to(ROOT) else whole)


def _start(service: Service, env: Mapping[str, str], data: Path) -> None:
    with processes.log(data / f"{service.name}.log") as out:
        service.process = processes.start(service.command, env=_env_of(service, env), out=out, cwd=ROOT)
    processes.remember(data / f"{service.name}.pid", service.process)
    service.started_at = time.monotonic()
    service.due_at = 0.0


def _env_of(service: Service, env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process: only the owner's knows the owner's login."""
    if service.is_owner:
        return FRUGAL | dict(env) | {"QUARTETT_LOGIN": "owner"}
    return FRUGAL | {name: value for name, value in env.items() if name != "OWNER_DATABASE_URL"}


def _revive(service: Service, env: Mapping[str, str], data: Path) -> None:
    """Start a dead process again, after a pause that grows while it keeps dying."""
    if service.process is None or service.process.poll() is None:
        return
    now = time.monotonic()
    if not service.due_at:
        service.deaths = 1 if now - service.started_at > 60 else service.deaths + 1
        pause = min(2.0 ** (service.deaths - 1), LONGEST_PAUSE_S)
        say(f"{service.name} ended ({service.process.returncode}); starting it again in {pause:.0f} s, see its log")
        # What it left behind (workers of a killed web server) would hold the port.
        processes.stop(service.process)
        service.due_at = now + pause
    elif now >= service.due_at:
        _start(service, env, data)


def _wait_for_web(port: int, web: Service, stopping: threading.Event) -> None:
    deadline = time.monotonic() + WEB_TIMEOUT_S
    while not stopping.wait(0.2):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/health/", timeout=2).read()  # loopback
        except urllib.error.HTTPError as error:
            raise UnableToStart(f"The web server answers {error.code}; see its log.") from error
        except OSError:
            if time.monotonic() > deadline or (web.process is not None and web.process.poll() is not None):
                raise UnableToStart("The web server did not start; see its log.") from None
        else:
            return


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201  # this is a terminal's programme
