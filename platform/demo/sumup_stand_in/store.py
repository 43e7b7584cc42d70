"""What the stand-in remembers, in one small sqlite file."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from demo.sumup_stand_in.errors import not_found

Object = dict[str, Any]

TABLE = (
    "CREATE TABLE IF NOT EXISTS object (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, body TEXT, UNIQUE (kind, id))"
)


class Store:
    """The memory. One request at a time has it, as a whole; ``clock_s`` is set where tests stop the time."""

    def __init__(self, file: Path | None) -> None:
        self._lock = RLock()
        # Autocommit: what an act has written stays, also where its answer gets lost on the way.
        self._rows = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        self._rows.execute(TABLE)
        self.clock_s: float | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the memory for oneself."""
        with self._lock:
            yield

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.fromtimestamp(time.time() if self.clock_s is None else self.clock_s, UTC)

    def keep(self, kind: str, body: Object) -> Object:
        """Remember an object, new or changed, by its id."""
        self._rows.execute(
            "INSERT INTO object (kind, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (kind, str(body["id"]), json.dumps(body)),
        )
        return body

    def get(self, kind: str, name: str) -> Object:
        """Return an object.

        Raises Refused.
        """
        row = self._rows.execute("SELECT body FROM object WHERE kind = ? AND id = ?", (kind, name)).fetchone()
        if row is None:
            raise not_found()
        return dict(json.loads(row[0]))

    def every(self, kind: str) -> list[Object]:
        """Return the objects of a kind, oldest first."""
        rows = self._rows.execute("SELECT body FROM object WHERE kind = ? ORDER BY number", (kind,))
        return [json.loads(body) for (body,) in rows.fetchall()]
