"""All partners: grouped, planned once a group, migrated side by side; one that fails keeps none of the others."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread

from django.db import connection

from tenants.migrating.applied import Group, applied_in, groups_by_applied
from tenants.migrating.locks import with_patience
from tenants.migrating.ordinary import migrate_ordinarily
from tenants.migrating.plans import Plan, plan_for
from tenants.migrating.replay import Recording, record, replay

NO_SCHEMA = "The schema does not exist, or was not made to its end."


@dataclass(frozen=True)
class Limits:
    """How much at once, and how long to wait for a table that is in use."""

    jobs: int = 2
    lock_timeout_s: float = 3
    fail_fast: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one schema: how many migrations it had and has, how long it took, why it failed."""

    schema: str
    before: int
    after: int
    seconds: float
    error: str = ""


def migrate_tenants(schemas: Sequence[str], limits: Limits) -> Iterator[Outcome]:
    """Bring schemas up to date and tell the outcome of each that was behind, as they come.

    Running it again does what is missing and nothing else. Closing the iterator stops after what is under way.
    """
    for group in groups_by_applied(schemas):
        if not group.is_current:
            for outcome in _migrate_group(group, limits):
                yield outcome
                if outcome.error and limits.fail_fast:
                    return


def _migrate_group(group: Group, limits: Limits) -> Iterator[Outcome]:
    if not group.applied:
        yield from (Outcome(schema, 0, 0, 0.0, NO_SCHEMA) for schema in group.schemas)
        return
    plan = plan_for(group.schemas[0])
    if plan.is_replayable:
        yield from _replay_group(group, limits)
    else:
        yield from _migrate_one_by_one(group, plan, limits)


def _replay_group(group: Group, limits: Limits) -> Iterator[Outcome]:
    """Migrate the first schema with which it works, and say the same to the rest."""
    recordings: list[Recording] = []

    def note(schema: str) -> None:
        recordings.append(record(schema, lock_timeout_s=limits.lock_timeout_s))

    waiting = list(group.schemas)
    while waiting and not recordings:
        yield _attempt(note, group, waiting.pop(0))
    if recordings:
        say = partial(replay, recordings[0], lock_timeout_s=limits.lock_timeout_s)
        yield from _in_threads(waiting, lambda schema: _attempt(say, group, schema), limits.jobs)


def _migrate_one_by_one(group: Group, plan: Plan, limits: Limits) -> Iterator[Outcome]:
    """Migrate each schema as Django does; side by side in processes, for this is Python's work."""
    # An index that is built concurrently waits for others by nature, and is left invalid where it may not.
    wait_s = limits.lock_timeout_s if plan.is_atomic else 0
    act = partial(_migrate_one, group=group, lock_timeout_s=wait_s)
    if limits.jobs == 1 or len(group.schemas) == 1:
        yield from map(act, group.schemas)
        return
    connection.close()
    with _forked(limits.jobs) as pool:
        futures: list[Future[Outcome]] = [pool.submit(act, schema) for schema in group.schemas]
        for future in as_completed(futures):
            yield future.result()


@contextmanager
def _forked(jobs: int) -> Iterator[Executor]:
    """Have processes that begin with what this one has loaded; what has not begun is dropped on the way out."""
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _migrate_one(schema: str, *, group: Group, lock_timeout_s: float) -> Outcome:
    return _attempt(partial(migrate_ordinarily, lock_timeout_s=lock_timeout_s), group, schema)


def _attempt(act: Callable[[str], None], group: Group, schema: str) -> Outcome:
    """Migrate one schema, with patience for its locks, and say what came of it."""
    begun, error = time.perf_counter(), ""
    try:
        with_patience(lambda: act(schema))
    except Exception as failure:  # whatever it is belongs into the report of this one, and the next one goes on
        error = f"{type(failure).__name__}: {str(failure).strip().splitlines()[0] if str(failure).strip() else ''}"
    return Outcome(schema, len(group.applied), len(applied_in(schema)), time.perf_counter() - begun, error)


def _in_threads(schemas: Sequence[str], act: Callable[[str], Outcome], jobs: int) -> Iterator[Outcome]:
    """Do it in so many threads, each with a connection of its own; the waiting is PostgreSQL's."""
    waiting: SimpleQueue[str] = SimpleQueue()
    done: SimpleQueue[Outcome | None] = SimpleQueue()
    stopping = Event()
    for schema in schemas:
        waiting.put(schema)

    def work() -> None:
        try:
            while not stopping.is_set():
                done.put(act(waiting.get_nowait()))
        except Empty:
            pass
        finally:
            connection.close()
            done.put(None)

    threads = [Thread(target=work, name=f"migrate-{place}") for place in range(min(jobs, len(schemas)))]
    for thread in threads:
        thread.start()
    try:
        working = len(threads)
        while working:
            outcome = done.get()
            if outcome is None:
                working -= 1
            else:
                yield outcome
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
