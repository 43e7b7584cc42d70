"""Deadlocks: PostgreSQL ends one of two transactions that wait for each other, and that one is simply tried again."""

from psycopg2.errors import DeadlockDetected, SerializationFailure

# So often in all; a third one in a row is more than bad luck.
TRIES = 3


def is_deadlock(error: BaseException | None) -> bool:
    """Say whether an error, or one that it was raised from, is a transaction's that lost against another one."""
    while error is not None:
        if isinstance(error, DeadlockDetected | SerializationFailure):
            return True
        error = error.__cause__
    return False
