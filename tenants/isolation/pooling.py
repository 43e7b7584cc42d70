"""Telling a pooler in transaction mode, which gives one tenant's session to another, before anything is served.

Entering a tenant sets role and search path of a session. A pooler in transaction or statement mode lends a server
session for one transaction only: measured, half of all reads came from the wrong tenant. PgBouncer does not say its
mode to its clients, so it is found out: one connection marks its session, a second one keeps a transaction open, and
the first one looks for its mark. Nothing here may wait for ever, because a pool in session mode with one server
gives the second connection nothing at all.
"""

import secrets
import select
import time
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ

MARK = "quartett.pooling"
# How long a connection may keep silent. Only a pool that has no server left needs it.
PATIENCE_S = 3.0
# With other clients about, a pooler may hand back the right session by chance; not so many times in a row.
ROUNDS = 3

TRANSACTION_POOLING = (
    "DATABASE_URL leads to a connection pooler in transaction or statement mode, which would give tenants each other's"
    " sessions and rows. Set pool_mode = session in PgBouncer, or connect to PostgreSQL directly."
)


def fault_of_pooling(params: dict[str, Any], *, patience_s: float = PATIENCE_S) -> str:
    """Say what is wrong with the way to the database, or nothing. ``params`` are psycopg2's.

    Costs about ten round trips. Raises ``psycopg2.OperationalError`` where there is no database at all.
    """
    params = {name: value for name, value in params.items() if name not in {"cursor_factory", "context"}}
    with _Session(params, patience_s) as marked, _Session(params, patience_s) as holder:
        mark = secrets.token_hex(8)
        marked.ask(f"SELECT set_config('{MARK}', '{mark}', false)")
        for _round in range(ROUNDS):
            try:
                seen = holder.ask(f"BEGIN; SELECT current_setting('{MARK}', true)")
            except _Silence:
                # The marked session keeps the pool's only server to itself, as it should.
                return ""
            except psycopg2.Error:
                # Statement mode knows no transactions.
                return TRANSACTION_POOLING
            try:
                found = marked.ask(f"SELECT current_setting('{MARK}', true)")
            except _Silence:
                return TRANSACTION_POOLING
            if seen == mark or found != mark:
                return TRANSACTION_POOLING
            holder.ask("COMMIT")
    return ""


class _Silence(Exception):
    """No answer came in time."""


class _Session:
    """A connection that is asked with a limit of time. It opens when it is first asked."""

    def __init__(self, params: dict[str, Any], patience_s: float) -> None:
        self.params = params
        self.patience_s = patience_s
        self.raw: Any = None

    def __enter__(self) -> "_Session":
        return self

    def __exit__(self, *exc: object) -> None:
        if self.raw is not None:
            self.raw.close()

    def ask(self, sql: str) -> str | None:
        """Return the first column of the answer.

        Raises _Silence, or what the server says.
        """
        deadline = time.monotonic() + self.patience_s
        if self.raw is None:
            self.raw = psycopg2.connect(**self.params, async_=True)
            self._wait(deadline)
        cursor = self.raw.cursor()
        cursor.execute(sql)
        self._wait(deadline)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def _wait(self, deadline: float) -> None:
        while (state := self.raw.poll()) != POLL_OK:
            rest = deadline - time.monotonic()
            reads, writes = ([self.raw], []) if state == POLL_READ else ([], [self.raw])
            if rest <= 0 or not any(select.select(reads, writes, [], rest)):
                raise _Silence
