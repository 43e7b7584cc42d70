"""What the guard against injected statements costs: the same orders with and without it, in turns in one process."""

import statistics
import time
from collections.abc import Iterator

from django.db import connection
from psycopg2.extensions import cursor as plain_cursor

from journeys.order.booking.book_package import book_package
from kernel.clock import now
from tenants.context import tenant_context
from tenants.isolation.postgresql.statements import GuardedCursor
from tenants.selectors import tenant_by_slug
from tests.bench.figures import WARM_UP, Figure
from tests.bench.orders import complete_draft

TURNS = 200


def statement_guard() -> Iterator[Figure]:
    """Place orders with and without the guard in turns: processor time of this process, and the share in percent."""
    taken: dict[type, list[float]] = {plain_cursor: [], GuardedCursor: []}
    tenant = tenant_by_slug("volthaus")
    with tenant_context(tenant):
        drafts = [complete_draft(tenant) for _run in range(2 * (TURNS + WARM_UP))]
        for turn in range(TURNS + WARM_UP):
            # Whoever is second finds the caches warm: they take turns at that too.
            for factory in sorted(taken, key=lambda one: one is GuardedCursor, reverse=bool(turn % 2)):
                connection.connection.cursor_factory = factory
                begun = time.process_time()
                book_package(draft_id=drafts.pop(), language="de", now=now())
                if turn >= WARM_UP:
                    taken[factory].append((time.process_time() - begun) * 1000)
    without, with_guard = statistics.median(taken[plain_cursor]), statistics.median(taken[GuardedCursor])
    share = round((with_guard / without - 1) * 100, 2)
    yield Figure("statement-guard", round(with_guard, 3), "ms", baseline=round(without, 3), more={"percent": share})
