"""The reference is made of the schema, its examples are right, and nothing in it changes under developers' hands."""

import copy
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory

from api.changelog import CHANGES
from api.deprecation import Deprecation
from api.documentation import schema
from api.examples import EXAMPLES
from api.reference import groups
from api.v1.packages import Packages
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.breaking import breaking_changes
from tests.api.calls import Shop, token_for
from tests.cast import Cast, wished_windows
from tests.pages import html_of

PAGE = "/api/v1/docs/"
WRITES = {"post", "put", "patch"}
# Calls that need a friend who asks, has the order or has closed it, or an event; tests/api has them elsewhere.
WITH_OTHERS = {
    *("answer_question", "propose_appointment", "write_message", "object_to_work", "rate_order"),
    *("sign_up", "sign_up_for_newsletter"),
}


@pytest.fixture
def known() -> dict[str, Any]:
    """Return a copy of the schema."""
    return json.loads(json.dumps(schema()))  # type: ignore[no-any-return]  # json knows no types


def test_every_call_stands_in_the_reference_with_its_fields_and_a_command(nord: Tenant) -> None:
    page = html_of(Client(headers={"host": "nord.localhost"}).get(PAGE))

    operations = [one for methods in schema()["paths"].values() for one in methods.values()]
    assert all(f'id="{one["operationId"]}"' in page for one in operations)
    place = next(one for one in groups()["orders"] if one.id == "place_order")
    kinds = {field.name: (field.kind, field.is_required) for field in place.body}
    assert kinds["customer.name"] == ("string", True)
    assert kinds["times[].part"] == ("morning | afternoon | evening", True)
    assert kinds["reference"] == ("string", False)
    assert '-H "Idempotency-Key: $(uuidgen)"' in place.curl
    assert "friend_name" in {field.name for field in place.answer}
    assert CHANGES[0].text in page
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", page)
    assert " style=" not in page


def test_the_examples_are_right_calls(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    days = [window.split(":")[0] for window in wished_windows()]
    ids: dict[str, str] = {}
    sent: set[str] = set()

    def send(operation: str, status: int) -> dict[str, Any]:
        [(method, path)] = [
            (method, path)
            for path, methods in schema()["paths"].items()
            for method, one in methods.items()
            if one["operationId"] == operation
        ]
        sent.add(operation)
        body = copy.deepcopy(EXAMPLES[operation])
        for time in body.get("times", ()):
            time["day"] = days[0]
        answer = shop.send(path.removeprefix("/api/v1/").format(**ids), body, method=method.upper())
        assert answer.status_code == status, (operation, answer.content)
        return dict(answer.json())

    ids["order_id"] = send("place_order", 201)["id"]
    send("change_times", 200)
    send("cancel_order", 200)
    ids["endpoint_id"] = send("create_webhook_endpoint", 201)["id"]
    send("change_webhook_endpoint", 200)
    send("replay_webhook_events", 202)

    send("link_booking", 201)

    assert set(EXAMPLES) == sent | WITH_OTHERS


def test_the_schema_is_linted(known: dict[str, Any]) -> None:
    operations = [(path, method, one) for path, methods in known["paths"].items() for method, one in methods.items()]

    assert len({one["operationId"] for _path, _method, one in operations}) == len(operations)
    for path, method, one in operations:
        assert one["description"].endswith("."), path
        assert one["tags"], path
        assert "default" in one["responses"], path
        assert not path.endswith("/"), path
        names = {parameter["name"] for parameter in one.get("parameters", ())}
        assert set(re.findall(r"{(\w+)}", path)) <= names, path
        body = one.get("requestBody", {})
        if method in WRITES and body.get("required") and "application/json" in body["content"]:
            assert one["operationId"] in EXAMPLES, f"{path} needs an example"
    for name, about in known["components"]["schemas"].items():
        assert about.get("description") or "enum" in about, name


def test_what_would_break_a_developers_program_is_found(known: dict[str, Any]) -> None:
    assert breaking_changes(schema(), known) == []
    orders = known["paths"]["/api/v1/orders"]
    del known["paths"]["/api/v1/quotes"]
    orders["get"]["parameters"][0]["required"] = True
    schemas = known["components"]["schemas"]
    schemas["OrderIn"]["required"].append("reference")
    del schemas["CustomerIn"]["properties"]["note"]
    del schemas["OrderOut"]["properties"]["friend_name"]
    schemas["OrderOut"]["properties"]["colour"] = {"type": "string"}

    found = breaking_changes(schema(), known)

    assert "GET /api/v1/quotes is gone" in found
    assert any(fault.startswith("GET /api/v1/orders: parameter") for fault in found)
    assert "POST /api/v1/orders: /reference is required" in found
    assert "POST /api/v1/orders: /customer/note is not taken any more" in found
    assert "POST /api/v1/orders: /friend_name is not answered any more" in found
    assert not any("colour" in fault for fault in found)


def test_an_address_that_will_go_away_says_so(nord: Tenant) -> None:
    class OldPackages(Packages):
        deprecation = Deprecation(
            datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC), "/api/v1/catalogue"
        )

    request = RequestFactory().get(
        "/api/v1/packages", headers={"host": "nord.localhost", "authorization": f"Bearer {token_for(nord)}"}
    )
    request.tenant = nord  # type: ignore[attr-defined]  # as the middleware does

    with tenant_context(nord):
        answer = OldPackages.as_view()(request)

    assert answer["Deprecation"] == "@1796083200"
    assert answer["Sunset"] == "Wed, 01 Dec 2027 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/catalogue>; rel="successor-version"'
    assert "Deprecation" not in Shop(token_for(nord)).get("packages")
