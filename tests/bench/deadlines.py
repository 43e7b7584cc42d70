"""A million pending deadlines of which one in a hundred is due, three sweepers, and one of them is killed."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

from django.db import connection

from dispatch.models import Deadline
from dispatch.states import DeadlineKind
from journeys.order import deadlines
from kernel.clock import now
from tenants.selectors import tenant_by_slug
from tests.bench.figures import Figure
from tests.bench.orders import offered_jobs
from tests.bench.races import as_owner_run, copy_job, forget_copies

JOBS, EACH = 10_000, 100
SWEEPERS = 3
# The sweepers have handled this many when the first is killed.
KILLED_AT = 2_000
PATIENCE_S = 300


def deadline_sweep() -> Iterator[Figure]:
    """Handle what is due: reminders of friends, written to the outbox; the value is due deadlines a second."""
    [(template, friends)] = offered_jobs(tenant_by_slug("volthaus"), jobs=1, friends=1)
    try:
        copy_job(template, friends[0], JOBS)
        _pend()
        begun = time.perf_counter()
        sweepers = [_start() for _sweeper in range(SWEEPERS)]
        _wait_until(KILLED_AT)
        os.kill(sweepers[0].pid or 0, signal.SIGKILL)
        _wait_until(JOBS)
        taken = time.perf_counter() - begun
        for sweeper in sweepers:
            sweeper.kill()
            sweeper.join()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), count(DISTINCT deadline_id) FROM bench_handled")
            handled, different = cursor.fetchone()
        more = {"twice": handled - different, "missed": JOBS - different, "pending": JOBS * EACH, "sweepers": SWEEPERS}
        yield Figure("deadline-sweep", round(JOBS / taken, 1), "deadlines/s", more=more)
    finally:
        as_owner_run("DROP TABLE IF EXISTS bench_handled")
        forget_copies()


def _pend() -> None:
    """Write a million deadlines of the copied jobs, each job's first of which is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dispatch_job j SET state = 'assigned', friend_id = o.friend_id, accepted_at = now()"
            "  FROM dispatch_offer o WHERE o.job_id = j.id AND j.order_number = 'bench'"
        )
        cursor.execute(
            "INSERT INTO dispatch_deadline (kind, job_id, search, wave, due_at)"
            " SELECT %s, j.id, 1, n,"
            "        now() + CASE n WHEN 1 THEN -interval '1 hour' ELSE n * interval '1 hour' END * (1 + random())"
            "   FROM dispatch_job j, generate_series(1, %s) n WHERE j.order_number = 'bench'",
            [DeadlineKind.CONTACT_REMINDER, EACH],
        )
    as_owner_run(
        "DROP TABLE IF EXISTS bench_handled; CREATE TABLE bench_handled (deadline_id bigint);"
        "GRANT INSERT, SELECT ON bench_handled TO PUBLIC; VACUUM ANALYZE dispatch_deadline"
    )


def _start() -> BaseProcess:
    connection.close()
    sweeper = multiprocessing.get_context("fork").Process(target=_sweep)
    sweeper.start()
    return sweeper


def _sweep() -> None:
    mark_done = deadlines.mark_done

    def remember(deadlines: Iterable[Deadline], *, now: datetime) -> None:
        done = list(deadlines)
        mark_done(done, now=now)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_handled SELECT unnest(%s::bigint[])", [[deadline.pk for deadline in done]]
            )

    deadlines.mark_done = remember
    while deadlines.sweep(now=now()):
        pass


def _wait_until(count: int) -> None:
    """Wait until so many are handled.

    Raises TimeoutError.
    """
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM bench_handled")
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.02)
    raise TimeoutError(f"Fewer than {count} deadlines in {timedelta(seconds=PATIENCE_S)}")
