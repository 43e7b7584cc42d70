"""Waiting: for another ``migrate``, and for requests that hold a table."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
# Seconds between two tries at a table that somebody uses.
PAUSES_S = (0.5, 2, 4)


@contextmanager
def only_one(on_wait: Callable[[], None]) -> Iterator[None]:
    """Let one process at a time migrate this database; a second one is told and waits.

    The lock lives on a connection of its own, for migrating closes the ordinary one.
    """
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('quartett.migrate'))")
            if not cursor.fetchone()[0]:
                on_wait()
                cursor.execute("SELECT pg_advisory_lock(hashtext('quartett.migrate'))")
        yield
    finally:
        own.close()


def with_patience(act: Callable[[], None]) -> None:
    """Do it again where a lock was not to be had in time; the last failure is raised."""
    for pause_s in PAUSES_S:
        try:
            return act()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) not in {LOCK_NOT_AVAILABLE, DEADLOCK}:
                raise
        time.sleep(pause_s)
    return act()
