"""Writing to the books against bare inserts of the same rows: no keys but the primary ones, no checks, no triggers."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from kernel.clock import now
from ledger import chart
from ledger.events import Occasion, card_paid, commission_taken, job_done
from ledger.services import About, Posting, post
from tenants.isolation.names import role_for
from tenants.models import PUBLIC
from tests.bench.figures import Figure
from tests.bench.races import as_owner_run

# Whose books these rows are: nobody's.
TENANT, FRIENDS = 900_001, 500
# So many jobs a turn, each committed alone: three business events with seven entries.
JOBS, TURNS = 200, 5
ENTRIES = 7
Job = list[Posting]


def ledger_post() -> Iterator[Figure]:
    """Book jobs that were paid by card, in turns with bare inserts of the same rows: entries each second."""
    _make_bare_tables()
    try:
        rates: dict[Callable[[Job], object], list[float]] = {_post_bare: [], _post: []}
        for _turn in range(TURNS + 1):
            for act, found in rates.items():
                jobs = [_a_job(place) for place in range(JOBS)]
                begun = time.perf_counter()
                for job in jobs:
                    act(job)
                found.append(JOBS * ENTRIES / (time.perf_counter() - begun))
        # The first turn makes the accounts and warms up.
        booked, bare = (round(median(rates[act][1:]), 1) for act in (_post, _post_bare))
        yield Figure("ledger-post", booked, "entries/s", baseline=bare)
    finally:
        as_owner_run("DROP TABLE IF EXISTS bench_transaction, bench_entry")


def _a_job(place: int) -> Job:
    job_id, worker = uuid4(), chart.friend(UUID(int=place % FRIENDS))
    moment = now()
    about = About(tenant_id=TENANT, order_id=job_id, job_id=job_id)
    occasion = Occasion(act=job_id, currency="CHF", on=moment.date(), at=moment, about=about)
    return [
        card_paid(occasion, provider=chart.STRIPE, tenant_id=TENANT, amount=9_900),
        job_done(occasion, tenant_id=TENANT, worker=worker, price=9_900),
        commission_taken(occasion, worker=worker, commission=1_832, vat=148),
    ]


def _post(job: Job) -> None:
    with transaction.atomic():
        post(*job)


def _post_bare(job: Job) -> None:
    """Write the rows of a job in two statements."""
    amounts = [one.amounts for one in job]
    made = [
        (one.key, one.event, one.booked_on, one.at, len(of_one), TENANT, one.about.order_id, one.about.job_id)
        for one, of_one in zip(job, amounts, strict=True)
    ]
    columns = "key, event, booked_on, at, entry_count, tenant_id, order_id, job_id"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO bench_transaction ({columns}) VALUES {_rows(made)} RETURNING id", _flat(made))
        ids = [found for (found,) in cursor.fetchall()]
        entries = [
            (transaction_id, account, one.booked_on, amount)
            for transaction_id, one, of_one in zip(ids, job, amounts, strict=True)
            for account, amount in of_one.items()
        ]
        columns = "transaction_id, account_id, booked_on, amount_minor"
        cursor.execute(f"INSERT INTO bench_entry ({columns}) VALUES {_rows(entries)}", _flat(entries))


def _rows(rows: list[Any]) -> str:
    return ", ".join("(" + ", ".join(["%s"] * len(row)) + ")" for row in rows)


def _flat(rows: list[Any]) -> list[Any]:
    return [value for row in rows for value in row]


def _make_bare_tables() -> None:
    role = role_for(PUBLIC)
    for name in ("transaction", "entry"):
        as_owner_run(
            f"DROP TABLE IF EXISTS bench_{name};"
            f"CREATE TABLE bench_{name} (LIKE ledger_{name} INCLUDING DEFAULTS INCLUDING IDENTITY);"
            f"ALTER TABLE bench_{name} ADD PRIMARY KEY (id);"
            f'GRANT SELECT, INSERT ON bench_{name} TO "{role}"'
        )
