"""Calls that are made of the schema are answered as the schema says, and none of them is a fault of ours."""

from itertools import count
from typing import Any

import requests
import schemathesis
from django.conf import LazySettings
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.documentation import schema
from tenants.models import Tenant
from tests.api.calls import Shop, placed, token_for
from tests.cast import Cast

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Of each call; there are 49 calls.
FEW = effort(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def through_the_house(case: Any, headers: dict[str, str]) -> Response:
    """Answer a call as the web server would."""
    request = requests.Request(**case.as_transport_kwargs("http://nord.localhost", headers)).prepare()
    sent = {name: value for name, value in request.headers.items() if not name.lower().startswith("content-")}
    kind = str(request.headers.get("Content-Type", ""))
    client = Client(raise_request_exception=False)
    answer = client.generic(str(request.method), request.path_url, request.body or b"", kind, headers=sent)
    content = b"".join(answer) if answer.streaming else answer.content
    named = {name.lower(): [value] for name, value in answer.headers.items()}
    return Response(answer.status_code, named, content, request, elapsed=0, verify=False)


def test_every_call_is_answered_as_the_schema_says(nord: Tenant, four_near: Cast, settings: LazySettings) -> None:
    settings.API_CALLS_OF_KEY = settings.API_CALLS_OF_PARTNER = 10_000
    token, numbers = token_for(nord), count()
    shop = Shop(token)
    endpoint = shop.send("webhook-endpoints", {"url": "https://shop.example/hook", "events": ["order.done"]}).json()
    real = {"order_id": placed(shop)["id"], "slug": "wifi-setup", "endpoint_id": endpoint["id"]}
    statuses: list[int] = []
    api: Any = schemathesis.openapi.from_dict(schema())
    calls = [found.ok() for found in api.get_all_operations()]

    for call in sorted(calls, key=lambda call: call.method == "delete" or call.path.endswith("/cancel")):

        @FEW
        @given(case=call.as_strategy(), is_real=st.integers(0, 3).map(bool))
        def walk(case: Any, is_real: bool) -> None:
            if is_real:
                case.path_parameters.update({name: real[name] for name in case.path_parameters if name in real})
            headers = {"Host": "nord.localhost", "Authorization": f"Bearer {token}"}
            answer = through_the_house(case, headers | {"Idempotency-Key": f"walk-{next(numbers)}"})
            statuses.append(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        walk()

    assert len(statuses) >= 3 * len(calls)
    assert sum(status < 300 for status in statuses) >= 20
