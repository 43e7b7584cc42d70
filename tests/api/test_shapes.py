"""Only some fields of an answer, or more than usual; only some orders, in the order that is asked for."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, at, faults_of, placed, problem_of
from tests.cast import Cast, book


def results(shop: Shop, path: str = "orders", **query: str) -> list[dict[str, Any]]:
    """Return the rows of a list."""
    answer = shop.get(path, **query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_only_the_wanted_fields_are_answered(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)

    assert shop.get(f"orders/{order['id']}", fields="state,number").json() == {
        "id": order["id"],
        "number": order["number"],
        "state": "searching",
    }
    assert results(shop, fields="state") == [{"id": order["id"], "state": "searching"}]
    assert results(shop, "packages", fields="name") == [{"slug": "wifi-setup", "name": "Wi-Fi set-up"}]


def test_more_is_answered_along_with_an_order(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)

    [found] = results(shop, expand="events,appointments,package")

    assert found["events"][0]["kind"] == "placed"
    assert found["appointments"] == []
    assert found["package"]["prices"] == [{"amount_minor": 4900, "currency": "EUR", "country": "DE"}]
    assert "events" not in order
    assert shop.get(f"orders/{order['id']}", expand="events", fields="events").json() == {
        "id": order["id"],
        "events": found["events"],
    }
    [package] = results(shop, "packages", expand="questions")
    assert set(package["questions"]["properties"]) == {"provider", "rooms", "problem", "photo"}


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("orders", {"fields": "colour"}, "#/fields"),
        ("orders", {"expand": "friend"}, "#/expand"),
        ("orders", {"order_by": "name"}, "#/order_by"),
        ("orders", {"created_from": "2026-11-24"}, "#/created_from"),
        ("orders", {"created_from": "2026-11-24T12:00:00"}, "#/created_from"),
        ("orders", {"colour": "red"}, "#/colour"),
        ("packages", {"colour": "red"}, "#/colour"),
        ("account", {"colour": "red"}, "#/colour"),
        ("packages/wifi-setup", {"fields": ""}, "#/fields"),
    ],
)
def test_what_is_not_known_is_refused(shop: Shop, path: str, query: dict[str, str], pointer: str) -> None:
    assert set(faults_of(problem_of(shop.get(path, **query), 422, "fields_not_right"))) == {pointer}


def test_orders_are_found_by_when_they_were_placed_and_changed(
    shop: Shop, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    early, middle = placed(shop), at(0, 13).isoformat()
    clock.shift(2 * 3600)
    late = placed(shop)

    def numbers(**query: str) -> list[str]:
        return [one["number"] for one in results(shop, **query)]

    assert numbers() == numbers(order_by="-created_at") == [late["number"], early["number"]]
    assert numbers(created_from=middle) == numbers(changed_from=middle) == [late["number"]]
    assert numbers(created_to=middle) == numbers(changed_to=middle) == [early["number"]]
    assert numbers(package="wifi-setup", order_by="created_at") == [early["number"], late["number"]]
    assert numbers(package="gold") == []
    clock.shift(3600)
    shop.send(f"orders/{early['id']}/cancel", {})
    first = shop.get("orders", order_by="-changed_at", limit="1").json()
    assert [one["number"] for one in first["results"]] == [early["number"]]
    assert [one["number"] for one in shop.client.get(first["next"]).json()["results"]] == [late["number"]]
    with tenant_context(nord):
        assert Order.objects.count() == 2


def test_expanded_orders_take_as_many_queries_as_one(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    book(nord)
    shop.get("orders", expand="events,package")
    with CaptureQueriesContext(connection) as for_one:
        assert len(results(shop, expand="events,package,appointments")) == 1
    book(nord)
    book(nord)

    with CaptureQueriesContext(connection) as for_all:
        assert len(results(shop, expand="events,package,appointments")) == 3

    assert len(for_all) == len(for_one)
