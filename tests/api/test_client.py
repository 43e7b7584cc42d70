"""A client in Python that is generated from the schema places a real order, so the schema says what is true."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from api.examples import EXAMPLES
from tenants.models import Tenant
from tests.api.calls import order_body, token_for
from tests.api.snapshot import PAGE
from tests.cast import Cast

NAME = "partner_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Generate the client and return how its modules are imported."""
    folder = tmp_path_factory.mktemp("client")
    program = Path(sys.executable).with_name("openapi-python-client")
    command: list[str | Path] = [program, "generate", "--path", PAGE, "--output-path", folder / NAME, "--meta", "none"]
    subprocess.run(command, check=True, capture_output=True)
    sys.path.insert(0, str(folder))
    yield lambda path: importlib.import_module(f"{NAME}{path}")
    sys.path.remove(str(folder))


def through_the_house(request: httpx.Request) -> httpx.Response:
    """Answer a request of the client as the web server would."""
    headers = {name: value for name, value in request.headers.items() if not name.startswith("content-")}
    answer = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.content,
        request.headers.get("content-type", ""),
        headers=headers,
    )
    return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


def test_a_generated_client_places_follows_and_cancels_an_order(generated: Any, nord: Tenant, four_near: Cast) -> None:
    client = generated("").AuthenticatedClient(base_url="http://nord.localhost", token=token_for(nord))
    headers = {"Authorization": f"Bearer {client.token}"}
    transport = httpx.MockTransport(through_the_house)
    client.set_httpx_client(httpx.Client(base_url="http://nord.localhost", transport=transport, headers=headers))
    models, orders = generated(".models"), ".api.orders"
    wish = models.OrderIn.from_dict(EXAMPLES["place_order"] | {"times": order_body()["times"]})

    placed = generated(f"{orders}.place_order").sync(client=client, body=wish, idempotency_key="first")
    assert not isinstance(placed, models.Problem), placed.to_dict()
    again = generated(f"{orders}.place_order").sync(client=client, body=wish, idempotency_key="first")
    read = generated(f"{orders}.read_order").sync(placed.id, client=client)
    page = generated(f"{orders}.list_orders").sync(client=client)
    reason = models.CancelIn.from_dict(EXAMPLES["cancel_order"])
    cancelled = generated(f"{orders}.cancel_order").sync(placed.id, client=client, body=reason, idempotency_key="last")

    assert (placed.state, placed.reference) == ("searching", "SHOP-1")
    assert again.id == read.id == placed.id
    assert [order.id for order in page.results] == [placed.id]
    assert cancelled.state == "cancelled"
