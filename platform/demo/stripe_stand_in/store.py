"""What the stand-in remembers: objects, answers by idempotency key, and deliveries."""

import json
import secrets
import time
from pathlib import Path
from typing import Any

from demo.stand_in.store import Memory, Object
from demo.stripe_stand_in.errors import no_such

TABLES = """
CREATE TABLE IF NOT EXISTS object (number INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, request TEXT, status INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS delivery
  (number INTEGER PRIMARY KEY, event TEXT, due_at REAL, attempts INTEGER, done_at REAL);
"""


class Store(Memory):
    """The memory."""

    tables = TABLES

    def __init__(self, file: Path | None) -> None:
        super().__init__(file)
        # What can be transferred of each currency, where tests set a limit.
        self.available: dict[str, int] = {}

    def now(self) -> int:
        """Return the moment, in seconds."""
        return int(self.seconds())

    def new(self, prefix: str, kind: str, **fields: Any) -> Object:
        """Remember a new object and return it."""
        made = {
            "id": f"{prefix}_{secrets.token_hex(12)}",
            "object": kind,
            "created": self.now(),
            "livemode": False,
            **fields,
        }
        self._rows.execute("INSERT INTO object (id, kind, body) VALUES (?, ?, ?)", (made["id"], kind, json.dumps(made)))
        return made

    def save(self, changed: Object) -> None:
        """Remember what has become of an object."""
        self._rows.execute("UPDATE object SET body = ? WHERE id = ?", (json.dumps(changed), changed["id"]))

    def get(self, kind: str, name: str) -> Object:
        """Return an object.

        Raises Refused.
        """
        found = self.find(kind, name)
        if found is None:
            raise no_such(kind, name)
        return found

    def by_id(self, name: str) -> Object:
        """Return an object of whatever kind."""
        row = self._rows.execute("SELECT body FROM object WHERE id = ?", (name,)).fetchone()
        return dict(json.loads(row[0]))

    def of_status(self, kind: str, status: str) -> list[Object]:
        """Return the objects of a kind that have a status, oldest first."""
        found = "SELECT body FROM object WHERE kind = ? AND json_extract(body, '$.status') = ? ORDER BY number"
        return [json.loads(body) for (body,) in self._rows.execute(found, (kind, status)).fetchall()]

    def answer_to(self, key: str) -> tuple[str, int, Any] | None:
        """Return request, status and body of what was answered under an idempotency key."""
        row = self._rows.execute("SELECT request, status, body FROM answer WHERE key = ?", (key,)).fetchone()
        return (row[0], row[1], json.loads(row[2])) if row else None

    def keep_answer(self, key: str, request: str, status: int, body: Any) -> None:
        """Remember what was answered under an idempotency key."""
        self._rows.execute("INSERT INTO answer VALUES (?, ?, ?, ?)", (key, request, status, json.dumps(body)))

    def forget_answers(self) -> None:
        """Forget the idempotency keys, as Stripe does after a day."""
        self._rows.execute("DELETE FROM answer")

    def queue(self, event: str, due_at: float) -> None:
        """Let an event be delivered, not before a moment."""
        self._rows.execute("INSERT INTO delivery (event, due_at, attempts) VALUES (?, ?, 0)", (event, due_at))

    def due(self) -> list[tuple[int, str, int]]:
        """Return number, event and earlier attempts of the deliveries that are due."""
        found = "SELECT number, event, attempts FROM delivery WHERE done_at IS NULL AND due_at <= ? ORDER BY number"
        return self._rows.execute(found, (time.time(),)).fetchall()

    def delivered(self, number: int) -> None:
        """Note that a delivery was taken."""
        self._rows.execute("UPDATE delivery SET done_at = ? WHERE number = ?", (time.time(), number))

    def try_later(self, number: int, wait_s: float) -> None:
        """Note that a delivery was not taken."""
        changed = "UPDATE delivery SET attempts = attempts + 1, due_at = ? WHERE number = ?"
        self._rows.execute(changed, (time.time() + wait_s, number))
