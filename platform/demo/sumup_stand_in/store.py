"""What the stand-in remembers."""

import json
from datetime import UTC, datetime

from demo.stand_in.store import Memory, Object
from demo.sumup_stand_in.errors import not_found


class Store(Memory):
    """The memory."""

    tables = """
    CREATE TABLE IF NOT EXISTS object
      (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, body TEXT, UNIQUE (kind, id))
    """

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.fromtimestamp(self.seconds(), UTC)

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
        found = self.find(kind, name)
        if found is None:
            raise not_found()
        return found
