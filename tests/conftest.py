"""Two partners, Nord and Süd, made once a run; a clock that stands still; everything else is made by the tests."""

import gc
import os
import shutil
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from config.settings import base
from journeys.partner.sandbox import delete_sandbox_of, make_sandbox
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id, tenant_by_slug
from tests.cast import PASSWORD, Cast, plant_partners, register_friend, sign_in_staff
from tests.databases import (
    as_owner,
    drop_strangers,
    elsewhere,
    forget_committed,
    make_test_database,
    one_process_at_a_time,
    shared_template,
)
from tests.running import Stack, stack

# A Tuesday noon in winter, so that evenings and weekends of the same week lie ahead.
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
REAL_TIME = {"stack", "browser"}
# These parts come last, in this order.
LAST = ("browser", "stack")
# The embedded Valkey's databases that nothing else uses: one for each process of the run.
UNUSED_DATABASE = f"/{9 + int(settings.TEST_PROCESS.removeprefix('gw') or 0)}"
# The quick part of the suite must not notice on which day it runs; ``make dates`` sets this (tests/other_dates.py).
TODAY = os.environ.get("QUARTETT_TESTS_TODAY")
# A sample is one test of so many.
EVERY = int(os.environ.get("QUARTETT_TESTS_EVERY", "1"))


def pytest_configure() -> None:
    """Begin the run on another day, where one is set; its clock ticks, as the machine's does."""
    if TODAY:
        time_machine.travel(datetime.fromisoformat(TODAY)).start()


def pytest_collection_finish() -> None:
    """Look for garbage never again at what was imported, and seldom at the rest: a tenth of a run went into it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out all but the sample, where one is asked for; the same tests are in it every time.

    The browser's come after all that may fork, for its driver keeps an event loop in the process, in which forked
    workers would be stuck; and before those that kill the stack which both look at.
    """
    items.sort(key=lambda item: next((place for place, name in enumerate(LAST, 1) if item.get_closest_marker(name)), 0))
    left_out = [item for item in items if zlib.crc32(item.nodeid.encode()) % EVERY]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not zlib.crc32(item.nodeid.encode()) % EVERY]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the test database with real places and two partners; tests never commit to it, races clean up.

    The owner makes it, the tests work with the login that serves, as the web does.
    """
    with django_db_blocker.unblock():
        with one_process_at_a_time():
            call_command("compile_catalogues", stdout=StringIO())
        with as_owner():
            make_test_database()
            plant_partners(NOON)
        yield
        connection.close()


@pytest.fixture(scope="session")
def running_stack(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """Return a running stack with the demo in it, made once a run."""
    data = Path(settings.DATA) / "test-stack"
    shutil.rmtree(data, ignore_errors=True)
    with django_db_blocker.unblock():
        with one_process_at_a_time():
            call_command("compile_catalogues", stdout=StringIO())
        with as_owner(), elsewhere("postgres"):
            template = shared_template()
        connection.close()
    with stack(data, template) as found:
        yield found


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    """Begin in English and with an empty cache: the test before leaves its language and counted attempts behind."""
    translation.activate("en")
    cache.clear()


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Coordinates | None]:
    """Stop every test's clock at Tuesday noon; ``clock.shift`` steps it.

    Tests of the running stack and in the browser share the machine's clock with the processes that they look at.
    """
    if REAL_TIME & {mark.name for mark in request.node.iter_markers()}:
        yield None
        return
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def nord(db: None) -> Tenant:
    """Return the partner in Berlin, who has a community of its own."""
    return tenant_by_slug("nord")


@pytest.fixture
def sued(db: None) -> Tenant:
    """Return the partner in Zürich."""
    return tenant_by_slug("sued")


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Work with the owner's login and commit; partners that the test made are taken away afterwards."""
    with django_db_blocker.unblock():
        connection.close()
        with as_owner():
            yield
            drop_strangers({"nord", "sued"})


@pytest.fixture(scope="module")
def nords_sandbox(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """Return Nord's sandbox, made once for the tests of a file; what they do in it is rolled back."""
    with django_db_blocker.unblock():
        with as_owner():
            nord = tenant_by_slug("nord")
            sandbox = make_sandbox(partner=nord, now=NOON)
        yield sandbox
        with as_owner():
            delete_sandbox_of(nord)


@pytest.fixture
def sandbox(nords_sandbox: Tenant, db: None) -> Tenant:
    """Return Nord's sandbox as the database has it."""
    return tenant_by_id(nords_sandbox.pk)


@pytest.fixture
def inside_nord(nord: Tenant) -> Iterator[Tenant]:
    """Work inside Nord's schema."""
    with tenant_context(nord):
        yield nord


@pytest.fixture
def four_near(nord: Tenant, clock: time_machine.Coordinates) -> Cast:
    """Register Ben, Cem, Dana and Emil, who live one to four kilometres from the customer, in Nord's community."""
    return {
        name: register_friend(name, km=km, communities=[nord.pk])
        for km, name in enumerate(("Ben", "Cem", "Dana", "Emil"), start=1)
    }


@pytest.fixture
def visitor() -> Client:
    """Return somebody on Nord's brand site."""
    return Client(headers={"host": "nord.localhost"})


@pytest.fixture
def friend_client(four_near: Cast) -> Client:
    """Return Ben, signed in on the platform host."""
    client = Client(headers={"host": "app.localhost"})
    answer = client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def manager_client(nord: Tenant) -> Client:
    """Return Nord's manager, signed in to Nord's admin."""
    client = Client(headers={"host": "nord.localhost"})
    answer = sign_in_staff(client, "manager@nord.example")
    assert answer.status_code == 302
    return client


@pytest.fixture
def committed(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tenant]:
    """Let rows of Nord be committed, for threads of their own connections must see them; take them away afterwards.

    Friends may owe any amount of cash, for those who race close more jobs than a friend would.
    """
    monkeypatch.setattr(settings, "CASH_LIMITS", {})
    with django_db_blocker.unblock():
        nord = tenant_by_slug("nord")
        yield nord
        forget_committed(nord)


@pytest.fixture
def valkey(settings: Settings) -> Iterator[dict[str, Any]]:
    """Use the real cache, as the web does."""
    shipped = base.CACHES["default"] | {"BACKEND": "kernel.web.caches.ForgivingRedisCache"}
    address = urlsplit(base.env("CACHE_URL"))._replace(path=UNUSED_DATABASE)
    found = shipped | {"LOCATION": urlunsplit(address)}
    settings.CACHES = {"default": found}
    caches["default"].clear()
    yield found
    caches["default"].clear()
