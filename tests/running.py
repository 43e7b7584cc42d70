"""The whole stack (servers, web, worker, scheduler) in a folder of its own, with the demo planted."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded.processes import free_port
from tests.stack.template import copy_template

ROOT = Path(__file__).resolve().parents[1]
START_S = 480
STOP_S = 60
OWN = {"DATABASE_URL", "OWNER_DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "EMAIL_URL", "SECRET_KEY"}


class Stack:
    """A stack in a folder of its own: started until it says that it is up, and stopped as Ctrl-C does."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        data.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start everything over what is in the folder, and wait until it is up."""
        with (self.data / "runner.log").open("wb") as out:
            self.runner = subprocess.Popen(
                [sys.executable, "-m", "embedded", "--data", str(self.data), "run", "--port", str(self.port)],
                env=environment(self.port) | {"QUARTETT_DATA": str(self.data)},
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: "Ctrl-C stops everything." in self.log or self.runner.poll() is not None, START_S)
        assert self.runner.poll() is None, self.log

    def stop(self) -> None:
        """Stop everything, and wait until the runner has ended."""
        self.runner.send_signal(signal.SIGINT)
        self.runner.wait(STOP_S)

    def url(self, host: str, path: str = "/") -> str:
        """Return the address of a path on a host of the demo, such as ``volthaus``."""
        return f"http://{host}.localhost:{self.port}{path}"

    def pid(self, name: str) -> int:
        """Return the process of a part: web, worker, scheduler, postgres, valkey, mail."""
        return int((self.data / f"{name}.pid").read_text())

    def run(self, *module: str, timeout_s: int = 300) -> subprocess.CompletedProcess[str]:
        """Run a module of ours against this stack's servers."""
        command = [sys.executable, "-m", "embedded", "--data", str(self.data), "exec", "--", sys.executable, "-m"]
        return subprocess.run(
            [*command, *module],
            env=environment(self.port),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    @property
    def log(self) -> str:
        """What the runner has printed."""
        return (self.data / "runner.log").read_text()


def environment(port: int) -> dict[str, str]:
    """Return this process's environment without the test run's own servers."""
    env = {name: value for name, value in os.environ.items() if name not in OWN}
    return env | {
        "QUARTETT_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "tests.stack.settings",
    }


@contextmanager
def stack(data: Path, template: str = "") -> Iterator[Stack]:
    """Have a running stack inside the block; its database begins as a copy of the tests' template, or with nothing."""
    found = Stack(data)
    if template:
        copy_template(template, data, environment(found.port))
    try:
        found.start()
        yield found
    finally:
        found.stop()


def wait_until(is_so: Callable[[], object], timeout_s: float = 30, pause_s: float = 0.1) -> None:
    """Wait for something that other processes do.

    Raises TimeoutError.
    """
    # A test's clock may stand still; this counter goes on.
    deadline = time.perf_counter() + timeout_s
    while not is_so():
        if time.perf_counter() > deadline:
            raise TimeoutError("this did not happen in time")
        time.sleep(pause_s)


def ports(data: Path) -> dict[str, int]:
    """Return the ports of a stack's servers."""
    found: dict[str, int] = json.loads((data / "ports.json").read_text())
    return found
