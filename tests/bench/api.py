"""The partner API under load, each beside a bare endpoint of the same framework in the same run."""

import json
import os
import time
from collections.abc import Callable, Iterator
from hashlib import sha256

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from config.settings import base
from developers.models import KeptAnswer, Key
from developers.services import answer_once, forget_answers
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.api.calls import Shop, order_body, token_for
from tests.bench.figures import Figure, milliseconds
from tests.cast import register_friend
from tests.races.test_races import in_threads

CLIENTS = int(os.environ.get("QUARTETT_BENCH_CLIENTS", "50"))
CALLS_EACH = int(os.environ.get("QUARTETT_BENCH_CALLS", "10"))
RUNS = 100
PAGE = 50
FEW = 1_000
MANY = int(os.environ.get("QUARTETT_BENCH_ANSWERS", "1000000"))
# The cache that counts, and limits that hold nobody up.
REAL = {
    "CACHES": {
        "default": base.CACHES["default"]
        | {"BACKEND": "kernel.web.caches.ForgivingRedisCache", "LOCATION": os.environ.get("CACHE_URL", "")}
    },
    "API_CALLS_OF_KEY": 10**6,
    "API_CALLS_OF_PARTNER": 10**6,
}
BARE = {"MIDDLEWARE": [], "ROOT_URLCONF": "tests.bench.bare_api"}

_FILL = """
INSERT INTO developers_keptanswer (key_id, idempotency_key, request_sha256, status, body, created_at)
SELECT %s, 'bench-' || number, %s, 200, '{}', to_timestamp(%s) FROM generate_series(1, %s) number
"""


def api_orders() -> Iterator[Figure]:
    """Place orders by many clients at once, with key, limits, name, order, job, first wave and outbox."""
    nord = _nord()
    body = json.dumps(order_body())
    with override_settings(**BARE):
        bare = Client()
        bare_rate, _p99, _errors = _at_once(
            lambda: bare.generic("POST", "/bare", body, "application/json").status_code == 201
        )
    with override_settings(**REAL):
        shop = Shop(token_for(nord))
        rate, p99, errors = _at_once(lambda: shop.send("orders", body).status_code == 201)
    yield Figure("api-orders", rate, "orders/s", p99, bare_rate, more={"errors": errors, "clients": CLIENTS})


def api_read() -> Iterator[Figure]:
    """Read an order, and a list of fifty; the baseline reads the same rows by one query."""
    nord = _nord()
    with override_settings(**REAL):
        shop = Shop(token_for(nord))
        known = [shop.send("orders", order_body()).json()["id"] for _order in range(PAGE)]
    yield _read("order", shop, f"/api/v1/orders/{known[0]}", rows=1)
    yield _read("list", shop, f"/api/v1/orders?limit={PAGE}", rows=PAGE)


def _read(name: str, shop: Shop, path: str, *, rows: int) -> Figure:
    with override_settings(**REAL):
        median, p99 = milliseconds(lambda: shop.client.get(path), RUNS)
        with CaptureQueriesContext(connection) as queries:
            assert shop.client.get(path).status_code == 200
    with override_settings(**BARE):
        bare = Client()
        bare_median, _p99 = milliseconds(lambda: bare.get(f"/bare?limit={rows}"), RUNS)
    rates = [round(1000 / one, 1) for one in (median, bare_median)]
    return Figure(f"api-read.{name}", rates[0], "calls/s", p99, rates[1], more={"queries": len(queries)})


def idempotency() -> Iterator[Figure]:
    """Look an answer up, and clean a thousand old ones up, among few and among very many."""
    nord = _nord()
    token_for(nord)
    with tenant_context(nord):
        key = Key.objects.latest("id")
        KeptAnswer.objects.all().delete()
        found = {}
        for count in (FEW, MANY):
            _fill(key, count)
            found[count] = (_looked_up(key), _cleaned_up())
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM developers_keptanswer")
    for place, name in enumerate(("look-up", "clean-up")):
        yield Figure(f"idempotency.{name}", found[MANY][place], "ms", baseline=found[FEW][place])


def _nord() -> Tenant:
    """Return the tests' partner, with four friends near Ada."""
    nord = tenant_by_slug("nord")
    stamp = f"{time.time_ns()}"
    for km in range(1, 5):
        register_friend(f"Api{stamp}{km}", km=km, communities=[nord.pk])
    return nord


def _at_once(call: Callable[[], bool]) -> tuple[float, float, int]:
    """Call by many clients at once and return calls a second, the 99th percentile in milliseconds and the errors."""
    took: list[float] = []

    def client(_place: int) -> int:
        errors = 0
        for _call in range(CALLS_EACH):
            begun = time.perf_counter()
            errors += not call()
            took.append((time.perf_counter() - begun) * 1000)
        return errors

    begun = time.perf_counter()
    errors = sum(in_threads(CLIENTS, client))
    seconds = time.perf_counter() - begun
    return round(len(took) / seconds, 1), round(sorted(took)[int(len(took) * 0.99)], 1), errors


def _fill(key: Key, count: int) -> None:
    at = now().timestamp() - 3600
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [key.line, sha256(b"bench").hexdigest(), at, count])


def _looked_up(key: Key) -> float:
    median, _p99 = milliseconds(
        lambda: answer_once(
            key=key,
            idempotency_key="bench-7",
            request_sha256=sha256(b"bench").hexdigest(),
            act=lambda: (500, {}),
            now=now(),
        ),
        RUNS,
    )
    return median


def _cleaned_up() -> float:
    """Return how long it takes to delete what is over: as many as an hour brings, whatever else is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE developers_keptanswer SET created_at = created_at - interval '2 days'"
            " WHERE id IN (SELECT id FROM developers_keptanswer ORDER BY id LIMIT 500)"
        )
    begun = time.perf_counter()
    assert forget_answers(now=now()) == 500
    return round((time.perf_counter() - begun) * 1000, 3)
