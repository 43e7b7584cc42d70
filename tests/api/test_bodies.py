"""What cannot be read in one way only is refused with a problem of its own, and nothing is written."""

import json
from base64 import b64encode
from urllib.parse import quote

import pytest
from drf_spectacular.validation import validate_schema

from api.documentation import codes, schema
from orders.models import BookingDraft
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, order_body, problem_of
from tests.api.snapshot import PAGE
from tests.cast import Cast


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "unreadable_request"),
        ("[1]", 400, "body_not_right"),
        ('"order"', 400, "body_not_right"),
        ('{"package": "a", "package": "b"}', 400, "body_not_right"),
        ('{"answers": {"rooms": NaN}}', 400, "body_not_right"),
        ('{"answers": {"rooms": Infinity}}', 400, "body_not_right"),
        ('{"answers": {"rooms": 1e999}}', 422, "fields_not_right"),
        ('{"package": "a\\u0000"}', 400, "unreadable_request"),
        ('{"package": "\\ud800"}', 400, "unreadable_request"),
        ('{"answers": ' + "[" * 50 + "]" * 50 + "}", 400, "body_not_right"),
        ('{"answers": ' + "[" * 10_000 + "]" * 10_000 + "}", 400, "unreadable_request"),
        (b"\xff\xfe", 400, "unreadable_request"),
        ("x" * (10 * 1024 * 1024), 413, "body_too_large"),
        ("", 422, "fields_not_right"),
    ],
)
def test_a_strange_body_is_refused(shop: Shop, nord: Tenant, body: str | bytes, status: int, code: str) -> None:
    problem_of(shop.send("orders", body), status, code)

    with tenant_context(nord):
        assert not BookingDraft.objects.exists()


def test_other_formats_methods_and_addresses_are_refused_as_problems(shop: Shop) -> None:
    client = shop.client

    problem_of(client.post("/api/v1/orders", {"package": "x"}), 415, "unsupported_media_type")
    problem_of(client.delete("/api/v1/orders"), 405, "method_not_allowed")
    problem_of(client.get("/api/v1/orders", headers={"accept": "text/csv"}), 406, "not_acceptable")
    problem_of(client.get("/api/v1/nothing"), 404, "not_found")
    problem_of(client.get("/api/"), 404, "not_found")
    problem_of(client.get("/api/v1/packages/gold"), 404, "not_found")
    problem_of(client.get("/api/v1/orders?cursor=made-up"), 404, "not_found")
    for position in ("yesterday", "2026-13-01 00:00:00+00:00", "2026-11-24 12:00:00", ""):
        cursor = b64encode(f"p={quote(position)}".encode()).decode()
        problem_of(client.get("/api/v1/orders", {"cursor": cursor}), 404, "not_found")
    problem_of(client.get("/api/v1/orders?state=%00"), 400, "unreadable_request")


def test_every_code_is_explained_on_the_page_that_problems_lead_to(shop: Shop, four_near: Cast) -> None:
    problem = problem_of(shop.send("orders", order_body(payment_method="gold")), 422, "order_incomplete")

    page = shop.client.get(problem["type"].partition("#")[0]).content.decode()

    assert 'id="order_incomplete"' in page
    for known in ("key_unknown", "reference_taken", "idempotency_key_reused", "booking_closed", "not_covered"):
        assert known in {code.code for code in codes()}
    assert all(f'id="{code.code}"' in page for code in codes())


def test_the_schema_is_the_one_that_developers_know() -> None:
    """A change that is meant is written by ``python -m tests.api.snapshot`` and seen in the commit."""
    assert json.loads(PAGE.read_text()) == json.loads(json.dumps(schema()))
    validate_schema(schema())


def test_the_schema_names_every_address_and_the_key(shop: Shop) -> None:
    answer = shop.client.get("/api/v1/openapi.json")

    body = json.loads(answer.content)
    assert body == json.loads(json.dumps(schema()))
    assert body["openapi"].startswith("3.1")
    assert {"/api/v1/orders", "/api/v1/orders/{order_id}/cancel", "/api/v1/packages/{slug}"} <= set(body["paths"])
    assert body["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
