"""The benchmarks by name. The data is the demo's: four partners, two thousand friends."""

import logging
from collections.abc import Callable, Iterator
from itertools import count

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from dispatch.models import Job
from journeys.order.booking.book_package import book_package
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer
from journeys.order.working.complete_job import complete_job
from kernel.clock import now
from outbox.services import message, post_all
from tenants.context import tenant_context
from tenants.selectors import partners, tenant_by_slug
from tests.bench.api import api_orders, api_read, idempotency
from tests.bench.bills import invoice_pdf
from tests.bench.crowd import availability_update, nearest_four
from tests.bench.deadlines import deadline_sweep
from tests.bench.fairness import dispatch_fairness
from tests.bench.figures import WARM_UP, Figure, cpu_milliseconds, milliseconds
from tests.bench.guard import statement_guard
from tests.bench.ledger import ledger_post
from tests.bench.lives import money_lives
from tests.bench.migrations import migrate_noop, migrate_one
from tests.bench.newsletters import newsletter
from tests.bench.notices import notice_delivery
from tests.bench.orders import complete_draft, friend_at_work, offered_jobs
from tests.bench.payouts import payout_run
from tests.bench.races import accept_independent, accept_race
from tests.bench.tenancy import provision, provision_among_many, tenant_switch
from tests.cast import plant_partners
from tests.databases import as_owner
from tests.isolation.attempts import THIEVES, try_everything

RUNS = 100
PAGES = {"home": "/de/", "catalogue": "/de/packages/", "package": "/de/packages/wifi-setup/"}
OFFERS = 10

_serial = count()


def place_order() -> Iterator[Figure]:
    """Turn a complete draft into an order with four offers; the baseline is a transaction that writes one row."""
    tenant = tenant_by_slug("volthaus")
    with tenant_context(tenant):
        drafts = [complete_draft(tenant) for _run in range(RUNS + 10)]
        baseline, _p99 = milliseconds(lambda: _write_one_row(tenant.pk), RUNS)
        median, p99 = milliseconds(lambda: book_package(draft_id=drafts.pop(), language="de", now=now()), RUNS)
        yield Figure("place-order", median, "ms", p99, baseline, more={"per_second": round(1000 / median, 1)})
        with CaptureQueriesContext(connection) as queries:
            book_package(draft_id=drafts.pop(), language="de", now=now())
        yield Figure("place-order.queries", len(queries), "queries")


def complete() -> Iterator[Figure]:
    """Close jobs with a report; the baseline is a transaction that writes one row."""
    tenant = tenant_by_slug("volthaus")
    taken = offered_jobs(tenant, jobs=RUNS + WARM_UP + 2, friends=1)
    for job_id, [friend_id] in taken:
        accept_offer(job_id=job_id, friend_id=friend_id, now=now())
        contact_customer(job_id=job_id, friend_id=friend_id, now=now())

    def close() -> None:
        job_id, [friend_id] = taken.pop()
        complete_job(
            job_id=job_id, friend_id=friend_id, summary="Done", material="", minutes=45, is_paid=False,
            why_now="Bench", now=now(),
        )  # fmt: skip

    baseline, _p99 = milliseconds(lambda: _write_one_row(tenant.pk), RUNS)
    median, p99 = milliseconds(close, RUNS)
    yield Figure("complete-job", median, "ms", p99, baseline, more={"per_second": round(1000 / median, 1)})
    # What went before has left the connection in the tenant's role.
    Job.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        close()
    yield Figure("complete-job.queries", len(queries), "queries")


def page() -> Iterator[Figure]:
    """Serve pages in-process; the baseline is a view behind no middleware, which asks the database nothing.

    They are a brand's public ones, and a friend's: ten open offers, and a job of their own.

    ``cpu_ms`` is the processor time of a request, Python's and the database's; whatever else the machine does is not
    in it.
    """
    visitor = Client(headers={"host": "volthaus.localhost"})
    friend, job_id = friend_at_work(tenant_by_slug("volthaus"), offers=OFFERS)
    pages = [(name, visitor, path) for name, path in PAGES.items()]
    pages += [("offers", friend, "/de/"), ("job", friend, f"/de/jobs/{job_id}/")]
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.bare"):
        bare = Client()
        baseline, _p99 = milliseconds(lambda: bare.get("/bare/"), RUNS)
    for name, client, path in pages:

        def get(client: Client = client, path: str = path) -> None:
            assert client.get(path).status_code == 200

        median, p99 = milliseconds(get, RUNS)
        cpu = cpu_milliseconds(get, RUNS)
        yield Figure(f"page.{name}", median, "ms", p99, baseline, more={"cpu_ms": cpu})
        with CaptureQueriesContext(connection) as queries:
            get()
        yield Figure(f"page.{name}.queries", len(queries), "queries")


def isolation() -> Iterator[Figure]:
    """Count the attempts of one partner upon another at every address, and those that succeed."""
    _have_the_cast()
    # Many attempts end in an error of Wagtail's, which is what they are for.
    logging.disable(logging.CRITICAL)
    tallies = []
    for host, who in THIEVES:
        with transaction.atomic():
            tallies.append(try_everything(tenant_by_slug("nord"), tenant_by_slug("sued"), host=host, who=who))
            transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    yield Figure("isolation.attempts", sum(tally.attempts for tally in tallies), "attempts")
    yield Figure("isolation.succeeded", sum(len(tally.successes) for tally in tallies), "attempts")


def lives() -> Iterator[Figure]:
    """Play random lives of orders at the tests' partners."""
    _have_the_cast()
    yield from money_lives()


def partner_api() -> dict[str, Callable[[], Iterator[Figure]]]:
    """Return the benchmarks of the partner API, which the tests' partners are asked by."""

    def with_cast(bench: Callable[[], Iterator[Figure]]) -> Callable[[], Iterator[Figure]]:
        def run() -> Iterator[Figure]:
            _have_the_cast()
            yield from bench()

        return run

    return {name: with_cast(bench) for name, bench in _PARTNER_API.items()}


def _have_the_cast() -> None:
    """Make Nord and Süd, the tests' partners, unless a former run has."""
    if partners().filter(slug="sued").exists():
        return
    with as_owner():
        plant_partners(now())


def _write_one_row(tenant_id: int) -> None:
    with transaction.atomic():
        post_all(
            [message(key=f"bench:{now().isoformat()}:{next(_serial)}", topic="bench", tenant_id=tenant_id, now=now())]
        )


_PARTNER_API = {"api-orders": api_orders, "api-read": api_read, "idempotency": idempotency}

BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "place-order": place_order,
    "complete-job": complete,
    "statement-guard": statement_guard,
    "ledger-post": ledger_post,
    "money-lives": lives,
    "payout-run": payout_run,
    "nearest-four": nearest_four,
    "availability-update": availability_update,
    "accept-race": accept_race,
    "accept-independent": accept_independent,
    "deadline-sweep": deadline_sweep,
    "invoice-pdf": invoice_pdf,
    "dispatch-fairness": dispatch_fairness,
    "page": page,
    "tenant-switch": tenant_switch,
    "provision": provision,
    "provision-among-many": provision_among_many,
    "isolation": isolation,
    **partner_api(),
    "newsletter": newsletter,
    "notice-delivery": notice_delivery,
    "migrate-noop-1000": migrate_noop,
    "migrate-one-1000": migrate_one,
}
