"""The examples for developers do what they say."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from catalog.models import Package
from developers.models import KeptAnswer
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, order_body
from tests.cast import Cast

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
EAN = "4006381333931"


@pytest.fixture
def checkout() -> ModuleType:
    """Return the example of a line of a shop's checkout."""
    spec = importlib.util.spec_from_file_location("checkout_line", EXAMPLES / "checkout_line.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_paid_line_of_a_checkout_is_ordered_once_and_returned(
    checkout: ModuleType, shop: Shop, nord: Tenant, four_near: Cast
) -> None:
    with tenant_context(nord):
        Package.objects.update(product_number=EAN, is_paid_by_partner=True)

    class Wire(checkout.Api):  # type: ignore[misc, name-defined]  # a module that is loaded from the docs
        def call(self, method: str, path: str, body: Any = None, *, once: str = "") -> Any:
            answer = shop.get(path) if method == "GET" else shop.send(path, body, method=method, once=once)
            found = json.loads(answer.content)
            if answer.status_code >= 400:
                raise checkout.Refused(found)
            return found

    api = Wire("", "")
    times = checkout.first_times(api, EAN, "DE", "10115")
    body = order_body()
    line = checkout.Line("S-1-2", EAN, "DE", "10115", body["answers"], times[-2:], body["customer"], "en")

    order = checkout.order_line(api, line)

    assert (order["state"], order["due"]["amount_minor"], order["reference"]) == ("searching", 0, "S-1-2")
    assert checkout.order_line(api, line)["id"] == order["id"]
    other_times = checkout.Line("S-1-2", EAN, "DE", "10115", body["answers"], times[-1:], body["customer"], "en")
    with pytest.raises(checkout.Refused):
        checkout.order_line(api, other_times)
    with tenant_context(nord):
        KeptAnswer.objects.all().delete()
    assert checkout.order_line(api, other_times)["id"] == order["id"]
    assert checkout.cancel_line(api, order["id"], "Sent back")["state"] == "cancelled"
    with tenant_context(nord):
        assert Order.objects.count() == 1
