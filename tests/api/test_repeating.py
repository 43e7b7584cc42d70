"""A call that is repeated does nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from time_machine import Coordinates

from developers.models import KeptAnswer, Key
from developers.services import forget_answers, rotate_key
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, order_body, problem_of, token_for
from tests.cast import Cast


def test_the_same_call_gets_the_same_answer(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    first = shop.send("orders", order_body(), once="a")
    again = shop.send("orders", order_body(), once="a")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert "Idempotency-Replayed" not in first
    assert (again["Idempotency-Replayed"], again["Location"]) == ("true", first["Location"])
    with tenant_context(nord):
        assert Order.objects.count() == 1


def test_the_same_name_for_another_call_is_refused(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    order = shop.send("orders", order_body(), once="a").json()

    problem_of(shop.send("orders", order_body(reference="B"), once="a"), 422, "idempotency_key_reused")
    problem_of(shop.send(f"orders/{order['id']}/cancel", {}, once="a"), 422, "idempotency_key_reused")
    other = Shop(token_for(nord))
    assert other.send("orders", order_body(), once="a").json()["id"] != order["id"]


def test_a_refused_call_is_corrected_under_the_same_name(shop: Shop, four_near: Cast) -> None:
    problem_of(shop.send("orders", order_body(payment_method="gold"), once="a"), 422, "order_incomplete")

    assert shop.send("orders", order_body(), once="a").status_code == 201


@pytest.mark.parametrize("name", ["", " ", "ä", "x" * 256])
def test_a_write_without_a_name_is_refused(shop: Shop, four_near: Cast, name: str) -> None:
    answer = shop.send("orders", order_body(), **{"idempotency-key": name})

    problem_of(answer, 400, "idempotency_key_missing")


def test_an_answer_is_kept_for_a_day(shop: Shop, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    sent = order_body(times=[{"day": "2026-12-01", "part": "morning"}])
    first = shop.send("orders", sent, once="a").json()
    clock.shift(24 * 3600 - 1)
    assert shop.send("orders", sent, once="a").json()["id"] == first["id"]
    clock.shift(1)

    second = shop.send("orders", sent, once="a").json()

    assert second["id"] != first["id"]
    clock.shift(24 * 3600 + 1)
    with tenant_context(nord):
        assert forget_answers(now=now()) == 1
        assert not KeptAnswer.objects.exists()
        assert Key.objects.exists()


def test_a_call_is_repeated_with_the_key_that_has_replaced_the_first(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    first = shop.send("orders", order_body(), once="a").json()
    with tenant_context(nord):
        made = rotate_key(key_uuid=Key.objects.get().uuid, overlap=timedelta(0), who="Maja", now=now())
        last = rotate_key(key_uuid=made.key.uuid, overlap=timedelta(0), who="Maja", now=now())

    assert Shop(last.token).send("orders", order_body(), once="a").json() == first

    with tenant_context(nord):
        assert Order.objects.count() == 1


def test_an_old_answer_that_the_clean_up_takes_away_meanwhile_is_no_fault(
    shop: Shop, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    sent = order_body(times=[{"day": "2026-12-01", "part": "morning"}])
    shop.send("orders", sent, once="a")
    clock.shift(24 * 3600 + 1)
    cleaned: list[int] = []

    def clean_up_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "developers_keptanswer" in sql and "FOR UPDATE NOWAIT" in sql and not cleaned:
            cleaned.append(0)
            cleaned[0] = forget_answers(now=now())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(clean_up_first):
        answer = shop.send("orders", sent, once="a")

    assert cleaned == [1]
    assert answer.status_code == 201
