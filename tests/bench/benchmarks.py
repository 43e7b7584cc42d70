"""The benchmarks by name. The data is the demo's: four partners, two thousand friends."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds import QuestionKind
from catalog.selectors import package_by_slug
from journeys.book_package import book_package
from kernel.clock import now
from orders.services import save_step, start_draft
from outbox.services import post
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import partners, tenant_by_slug
from tests.bench.figures import Figure, milliseconds
from tests.bench.migrations import migrate_noop, migrate_one
from tests.bench.notices import notice_delivery
from tests.bench.tenancy import provision, provision_among_many, tenant_switch
from tests.cast import ADA, plant_partners
from tests.databases import as_owner
from tests.isolation.attempts import try_everything

RUNS = 100
PAGES = {"home": "/de/", "catalogue": "/de/packages/", "package": "/de/packages/wifi-setup/"}

_serial = count()


def place_order() -> Iterator[Figure]:
    """Turn a complete draft into an order with four offers; the baseline is a transaction that writes one row."""
    tenant = tenant_by_slug("volthaus")
    with tenant_context(tenant):
        drafts = [_draft(tenant) for _run in range(RUNS + 10)]
        baseline, _p99 = milliseconds(_write_one_row, RUNS)
        median, p99 = milliseconds(lambda: book_package(draft_id=drafts.pop(), language="de", now=now()), RUNS)
        yield Figure("place-order", median, "ms", p99, baseline)
        with CaptureQueriesContext(connection) as queries:
            book_package(draft_id=drafts.pop(), language="de", now=now())
        yield Figure("place-order.queries", len(queries), "queries")


def page() -> Iterator[Figure]:
    """Serve the public pages in-process; the baseline is the health page, which asks the database one thing."""
    client = Client(headers={"host": "volthaus.localhost"})
    baseline, _p99 = milliseconds(lambda: client.get("/health/"), RUNS)
    for name, path in PAGES.items():

        def get(path: str = path) -> None:
            assert client.get(path).status_code == 200

        median, p99 = milliseconds(get, RUNS)
        yield Figure(f"page.{name}", median, "ms", p99, baseline)
        with CaptureQueriesContext(connection) as queries:
            get()
        yield Figure(f"page.{name}.queries", len(queries), "queries")


def isolation() -> Iterator[Figure]:
    """Count the attempts of one partner upon another at every address, and those that succeed."""
    _have_the_cast()
    # Many attempts end in an error of Wagtail's, which is what they are for.
    logging.disable(logging.CRITICAL)
    with transaction.atomic():
        tally = try_everything(tenant_by_slug("nord"), tenant_by_slug("sued"))
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    yield Figure("isolation.attempts", tally.attempts, "attempts")
    yield Figure("isolation.succeeded", len(tally.successes), "attempts")


def _have_the_cast() -> None:
    """Make Nord and Süd, the tests' partners, unless a former run has."""
    if partners().filter(slug="sued").exists():
        return
    with as_owner():
        plant_partners(now())


def _draft(tenant: Tenant) -> object:
    """Write a complete draft and return its id."""
    package = package_by_slug("wifi-setup")
    draft = start_draft(package=package, now=now())
    samples = {QuestionKind.CHOICE: "0", QuestionKind.TEXT: "Bench", QuestionKind.NUMBER: "1"}
    answers = {one.key: samples[QuestionKind(one.kind)] for one in package.questions.all() if one.kind in samples}
    days = [(now() + timedelta(days=ahead)).date().isoformat() for ahead in (2, 3, 4)]
    steps: dict[str, dict[str, object]] = {
        "place": {"country": tenant.countries[0], "postal_code": "10115"},
        "questions": dict(answers),
        "times": {"windows": [f"{day}:2" for day in days]},
        "contact": dict(ADA),
        "payment": {"method": "cash"},
    }
    for step, values in steps.items():
        save_step(draft_id=draft.pk, step=step, values=values)
    return draft.pk


def _write_one_row() -> None:
    with transaction.atomic():
        post(key=f"bench:{now().isoformat()}:{next(_serial)}", topic="bench", tenant_id=None, now=now())


BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "place-order": place_order,
    "page": page,
    "tenant-switch": tenant_switch,
    "provision": provision,
    "provision-among-many": provision_among_many,
    "isolation": isolation,
    "notice-delivery": notice_delivery,
    "migrate-noop-1000": migrate_noop,
    "migrate-one-1000": migrate_one,
}
