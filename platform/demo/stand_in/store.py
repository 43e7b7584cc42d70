"""What a stand-in remembers, in one small sqlite file."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

Object = dict[str, Any]


class Memory:
    """The memory. One request at a time has it, as a whole; ``clock_s`` is set where tests stop the time.

    ``tables`` has at least ``object`` with the columns number, id, kind and body.
    """

    tables: str

    def __init__(self, file: Path | None) -> None:
        self._lock = RLock()
        # Autocommit: what an act has written stays, also where its answer gets lost on the way.
        self._rows = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        self._rows.executescript(self.tables)
        self.clock_s: float | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the memory for oneself."""
        with self._lock:
            yield

    def seconds(self) -> float:
        """Return the moment, in seconds."""
        return time.time() if self.clock_s is None else self.clock_s

    def find(self, kind: str, name: str) -> Object | None:
        """Return an object, or None where it is not there."""
        row = self._rows.execute("SELECT body FROM object WHERE kind = ? AND id = ?", (kind, name)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def every(self, kind: str) -> list[Object]:
        """Return the objects of a kind, oldest first."""
        rows = self._rows.execute("SELECT body FROM object WHERE kind = ? ORDER BY number", (kind,))
        return [json.loads(body) for (body,) in rows.fetchall()]
