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
from django.db.models import Model

from crowd.models import Friend
from dispatch.errors import OfferAlreadyTaken
from dispatch.models import Job, Offer
from embedded.postgres import wheel_binaries
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from tenants.selectors import tenant_by_slug
from tests.bench.figures import Figure
from tests.bench.orders import offered_jobs

CONTENDERS = (4, 16, 64)
ROUNDS = 60
# pgbench: so many clients with so many transactions each, five times; every accept finds a job that is open.
CLIENTS, EACH, TIMES = 8, 1_250, 5
ROWS, FRIENDS = CLIENTS * EACH, 2_000
WHOLE = 200

# Job and friend number n of the benchmark: the statement gets ids, as the service gives them, and looks up none.
_JOB = "('00000000-0000-0000-0000-' || lpad((:place)::text, 12, '0'))::uuid"
_FRIEND = f"('00000000-0000-4000-8000-' || lpad((:place % {FRIENDS})::text, 12, '0'))::uuid"
# The statement of dispatch.offering.answers.claim_job.
_ACCEPT = f"""
\\set n :n + 1
\\set place :client_id * :each + :n - 1
UPDATE dispatch_job SET state = 'assigned', friend_id = {_FRIEND}, accepted_at = now()
 WHERE id = {_JOB} AND state = 'searching'
   AND id IN (SELECT o.job_id FROM dispatch_offer o
               WHERE o.job_id = {_JOB} AND o.friend_id = {_FRIEND}
                 AND o.state IN ('open', 'countered') AND o.expires_at > now());
"""
# The update of a single row in pgbench's own script, over its own table.
_FLOOR = """
\\set aid random(1, 100000)
\\set delta random(-5000, 5000)
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
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
        _run_pgbench("--initialize", "--quiet")
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
    """Copy a job, and a friend's offer of it, so many times under the ids above; each copy is another friend's."""
    rows: list[tuple[type[Model], int, UUID, dict[str, str | None]]] = [
        (Friend, FRIENDS, friend_id, {"id": _FRIEND}),
        (Job, count, template, {"id": _JOB, "order_id": "gen_random_uuid()", "order_number": "'bench'"}),
    ]
    with connection.cursor() as cursor:
        for model, many, original, own in rows:
            cursor.execute(f"{_copying(model, many, own)} WHERE o.id = %s", [original])
        of_offer = {"id": None, "job_id": _JOB, "friend_id": _FRIEND, "expires_at": "now() + interval '1 day'"}
        copying = _copying(Offer, count, of_offer)
        cursor.execute(f"{copying} WHERE o.job_id = %s AND o.friend_id = %s", [template, friend_id])
    as_owner_run("VACUUM ANALYZE")


def _copying(model: type[Model], count: int, own: dict[str, str | None]) -> str:
    """Return the statement that copies a row ``o`` with values of its own; None leaves a column to its default."""
    values = {field.column: own.get(field.column, f"o.{field.column}") for field in model._meta.concrete_fields}
    given = {column: value.replace(":place", "place") for column, value in values.items() if value is not None}
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(given)}) SELECT {', '.join(given.values())}".replace("%", "%%")
        + f" FROM {model._meta.db_table} o, generate_series(0, {count - 1}) place"
    )


def forget_copies() -> None:
    """Take the copies away again."""
    jobs = "(SELECT id FROM dispatch_job WHERE order_number = 'bench')"
    as_owner_run(
        f"DELETE FROM dispatch_deadline WHERE job_id IN {jobs};"
        f"DELETE FROM dispatch_offer WHERE job_id IN {jobs};"
        "DELETE FROM dispatch_job WHERE order_number = 'bench';"
        "DELETE FROM crowd_friend WHERE id::text LIKE '00000000-0000-4000-8000-%';"
        "DROP TABLE IF EXISTS pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers;"
        "VACUUM FULL dispatch_job"
    )


def _reset() -> None:
    as_owner_run(
        "UPDATE dispatch_job SET state = 'searching', friend_id = NULL, accepted_at = NULL"
        " WHERE order_number = 'bench' AND state = 'assigned'"
    )
    as_owner_run("VACUUM dispatch_job")


def _pgbench(script: str) -> float:
    """Return the transactions a second of a script."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        printed = _run_pgbench(
            *("-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-t", str(EACH)),
            *("-D", "n=0", "-D", f"each={EACH}", "-f", file.name),
        )
    found = re.search(r"tps = ([\d.]+)", printed)
    if found is None:
        raise RuntimeError(printed)
    return round(float(found.group(1)), 1)


def _run_pgbench(*options: str) -> str:
    """Run pgbench on the benchmarks' database and return what it printed.

    Raises CalledProcessError.
    """
    owner = _owner()
    server = ("-h", owner["HOST"], "-p", str(owner["PORT"]), "-U", owner["USER"])
    command = [str(wheel_binaries() / "pgbench"), *server, *options, str(connection.settings_dict["NAME"])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


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
