"""What became of the calls is counted by key and address, for the partner and for the operators."""

from typing import Any

import pytest
from django.test import Client
from time_machine import Coordinates

from accounts.models import Kind, User
from developers.figures import figures, note_figures
from developers.kinds import Scope
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, token_for
from tests.cast import PASSWORD
from tests.pages import html_of

NOBODY = "6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11"


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def test_calls_are_counted_by_key_and_address_for_a_day(
    valkey: Any, nord: Tenant, sued: Tenant, clock: Coordinates
) -> None:
    shop, reader = Shop(token_for(nord)), Shop(token_for(nord, Scope.CATALOGUE_READ))
    for _call in range(3):
        shop.get("packages/wifi-setup")
    shop.get("packages/gold")
    reader.get("orders")
    Shop("qk_wrong").get("orders")

    with tenant_context(nord):
        found = figures(now=now())
        assert [(one.call, one.calls, one.refused, one.failed) for one in found] == [
            ("GET /api/v1/packages/{slug}", 4, 1, 0),
            ("GET /api/v1/orders", 1, 1, 0),
        ]
        assert len({str(one.key) for one in found}) == 2
        assert found[0].p95_ms is not None
    with tenant_context(sued):
        assert figures(now=now()) == []
    clock.shift(24 * 3600)
    with tenant_context(nord):
        assert figures(now=now()) == []


def test_methods_that_are_made_up_are_counted_as_one(valkey: Any, nord: Tenant) -> None:
    shop = Shop(token_for(nord))
    for method in ("MADE|UP", "BREW", "TRACE|"):
        shop.send("orders", {}, method=method)

    with tenant_context(nord):
        note_figures(key=NOBODY, call="A|B /x", status=200, took_ms=3, now=now())
        found = {one.call: one.calls for one in figures(now=now())}

    assert found == {"OTHER /api/v1/orders": 3, "A|B /x": 1}


def test_the_95th_of_a_hundred_calls_says_how_slow_an_address_is(valkey: Any, nord: Tenant) -> None:
    def note(status: int, took_ms: float) -> None:
        note_figures(key=NOBODY, call="GET /x", status=status, took_ms=took_ms, now=now())

    with tenant_context(nord):
        for took_ms in [3] * 94 + [70, 900, 900, 900, 900, 20_000]:
            note(200, took_ms)
        assert [(one.calls, one.failed, one.p95_ms) for one in figures(now=now())] == [(100, 0, 100)]
        for _call in range(10):
            note(503, 20_000)
        assert [(one.calls, one.failed, one.p95_ms) for one in figures(now=now())] == [(110, 10, None)]


def test_managers_and_operators_read_the_figures(
    valkey: Any, nord: Tenant, manager_client: Client, operator_client: Client
) -> None:
    assert "There were no calls." in html_of(manager_client.get("/admin/api-keys/figures/"))
    Shop(token_for(nord)).get("packages/wifi-setup")

    for page in (
        manager_client.get("/admin/api-keys/figures/"),
        operator_client.get("/en/operators/partners/nord/calls/"),
    ):
        assert "GET /api/v1/packages/{slug}" in html_of(page)
        assert "Shop (" in html_of(page)
