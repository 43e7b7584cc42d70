"""Acceptance: exactly one winner among any number, and what accepting costs against PostgreSQL's own floor."""

import re
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg2
from django.conf import settings
from django.db import connection

from dispatch.errors import OfferAlreadyTaken
from dispatch.models import Job, Offer
from embedded.postgres import wheel_binaries
from journeys.accept_offer import accept_offer
from kernel.clock import now
from tenants.selectors import tenant_by_slug
from tests.bench.figures import Figure
from tests.bench.orders import offered_jobs

CONTENDERS = (4, 16, 64)
ROUNDS = 60
# pgbench: so many clients with so many transactions each, three times; every accept finds a job that is open.
CLIENTS, EACH, TIMES = 8, 5_000, 3
ROWS = CLIENTS * EACH
WHOLE = 200

# The statement of dispatch.services._claim, as PostgreSQL gets it, over a table's rows by number.
_ACCEPT = """
\\set n :n + 1
\\set place :client_id * :each + :n
UPDATE dispatch_job SET state = 'assigned', friend_id = b.friend_id, accepted_at = now()
  FROM bench_accept b
 WHERE b.place = :place AND dispatch_job.id = b.job_id AND dispatch_job.state = 'searching'
   AND dispatch_job.id IN (SELECT o.job_id FROM dispatch_offer o
                            WHERE o.job_id = b.job_id AND o.friend_id = b.friend_id
                              AND o.state IN ('open', 'countered') AND o.expires_at > now());
"""
_FLOOR = """
\\set n :n + 1
\\set place :client_id * :each + :n
UPDATE bench_floor SET value = value + 1 WHERE place = :place;
"""


def accept_race() -> Iterator[Figure]:
    """Let 4, 16 and 64 friends accept one job at once, 60 rounds; every round must have exactly one winner."""
    tenant = tenant_by_slug("volthaus")
    for rivals in CONTENDERS:
        jobs = offered_jobs(tenant, jobs=ROUNDS, friends=rivals)
        winners, answered = _race(jobs, rivals)
        figure = Figure(
            f"accept-race-{rivals}",
            round(statistics.median(answered), 3),
            "ms",
            round(statistics.quantiles(answered, n=100)[98], 3),
            more={"winners": max(winners), "least_winners": min(winners), "rounds": ROUNDS},
        )
        yield figure


def _race(jobs: list[tuple[UUID, list[UUID]]], rivals: int) -> tuple[list[int], list[float]]:
    """Return the winners of each round, and the milliseconds until everybody had an answer."""
    gate = threading.Barrier(rivals + 1)
    won: list[list[int]] = [[] for _job in jobs]

    def run(place: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        for number, (job_id, friends) in enumerate(jobs):
            gate.wait()
            try:
                accept_offer(job_id=job_id, friend_id=friends[place], now=now())
                won[number].append(place)
            except OfferAlreadyTaken:
                pass
            gate.wait()
        connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(rivals)]
    for thread in threads:
        thread.start()
    taken = []
    for _job in jobs:
        gate.wait()
        begun = time.perf_counter()
        gate.wait()
        taken.append((time.perf_counter() - begun) * 1000)
    for thread in threads:
        thread.join()
    return [len(places) for places in won], taken


def accept_independent() -> Iterator[Figure]:
    """Accept different jobs by the accepting statement, against pgbench's update of a single row, each second."""
    tenant = tenant_by_slug("volthaus")
    [(template, friends)] = offered_jobs(tenant, jobs=1, friends=1)
    try:
        copy_job(template, friends[0], ROWS)
        _prepare_rows()
        floor, accepts = [], []
        for _time in range(TIMES):
            floor.append(_pgbench(_FLOOR))
            _reset()
            accepts.append(_pgbench(_ACCEPT))
        baseline = statistics.median(floor)
        yield Figure("accept-independent", statistics.median(accepts), "accepts/s", baseline=baseline)
        yield from _accept_whole(baseline)
    finally:
        forget_copies()


def _accept_whole(floor: float) -> Iterator[Figure]:
    """Accept through the service, with the friend's limit, the tenant's order and the outbox."""
    jobs = offered_jobs(tenant_by_slug("volthaus"), jobs=WHOLE, friends=1)
    taken = []
    for job_id, friends in jobs:
        begun = time.perf_counter()
        accept_offer(job_id=job_id, friend_id=friends[0], now=now())
        taken.append(time.perf_counter() - begun)
    rate = len(taken) / sum(taken)
    p99 = round(statistics.quantiles(taken, n=100)[98] * 1000, 3)
    yield Figure("accept-whole", round(rate, 1), "accepts/s", baseline=floor, more={"p99_ms": p99, "clients": 1})


def copy_job(template: UUID, friend_id: UUID, count: int) -> None:
    """Copy the job, and the friend's offer of it, so many times."""
    with connection.cursor() as cursor:
        columns = [
            field.column
            for field in Job._meta.concrete_fields
            if field.column not in {"id", "order_id", "order_number"}
        ]
        listed = ", ".join(columns)
        cursor.execute(
            f"INSERT INTO dispatch_job (id, order_id, order_number, {listed})"
            f" SELECT gen_random_uuid(), gen_random_uuid(), 'bench', {listed} FROM dispatch_job, generate_series(1, %s)"
            " WHERE id = %s",
            [count, template],
        )
        copied = [field.column for field in Offer._meta.concrete_fields if field.column not in {"id", "job_id"}]
        cursor.execute(
            f"INSERT INTO dispatch_offer (job_id, {', '.join(copied)})"
            f" SELECT j.id, {', '.join('o.' + name for name in copied)} FROM dispatch_job j, dispatch_offer o"
            " WHERE j.order_number = 'bench' AND o.job_id = %s AND o.friend_id = %s",
            [template, friend_id],
        )


def forget_copies() -> None:
    """Take the copies away again."""
    as_owner_run(
        "DELETE FROM dispatch_deadline WHERE job_id IN (SELECT id FROM dispatch_job WHERE order_number = 'bench');"
        "DELETE FROM dispatch_offer WHERE job_id IN (SELECT id FROM dispatch_job WHERE order_number = 'bench');"
        "DELETE FROM dispatch_job WHERE order_number = 'bench';"
        "DROP TABLE IF EXISTS bench_accept, bench_floor"
    )


def _prepare_rows() -> None:
    as_owner_run(
        "UPDATE dispatch_offer SET expires_at = now() + interval '1 day' WHERE job_id IN"
        " (SELECT id FROM dispatch_job WHERE order_number = 'bench');"
        "DROP TABLE IF EXISTS bench_accept, bench_floor;"
        "CREATE TABLE bench_accept AS SELECT row_number() OVER () AS place, o.job_id, o.friend_id"
        "  FROM dispatch_offer o JOIN dispatch_job j ON j.id = o.job_id WHERE j.order_number = 'bench';"
        "ALTER TABLE bench_accept ADD PRIMARY KEY (place);"
        f"CREATE TABLE bench_floor AS SELECT place, 0 AS value FROM generate_series(1, {ROWS}) place;"
        "ALTER TABLE bench_floor ADD PRIMARY KEY (place);"
        "VACUUM ANALYZE"
    )


def _reset() -> None:
    as_owner_run(
        "UPDATE dispatch_job SET state = 'searching', friend_id = NULL, accepted_at = NULL"
        " WHERE order_number = 'bench' AND state = 'assigned'"
    )
    as_owner_run("VACUUM dispatch_job")


def _pgbench(script: str) -> float:
    """Return the transactions a second of a script."""
    owner = _owner()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [
                str(wheel_binaries() / "pgbench"), "-n", "-M", "prepared",
                "-h", owner["HOST"], "-p", str(owner["PORT"]),
                "-U", owner["USER"], "-c", str(CLIENTS), "-j", "2", "-t", str(EACH), "-D", "n=0", "-D", f"each={EACH}",
                "-f", file.name, str(connection.settings_dict["NAME"]),
            ],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return round(float(found.group(1)), 1)


def as_owner_run(sql: str) -> None:
    """Run statements one by one with the owner's login, outside any transaction: VACUUM wants it so."""
    owner = _owner()
    raw = psycopg2.connect(
        host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname=connection.settings_dict["NAME"]
    )
    raw.autocommit = True
    try:
        with raw.cursor() as cursor:
            for statement in filter(None, (part.strip() for part in sql.split(";"))):
                cursor.execute(statement)
    finally:
        raw.close()


def _owner() -> dict[str, Any]:
    if settings.OWNER_DATABASE is None:
        raise RuntimeError("The benchmarks need the owner's login.")
    return settings.OWNER_DATABASE
